"""Sentences end where they end for a reader; lists carry their stem, rows their head."""

from __future__ import annotations

import pytest

from content.claims.folding import fold
from content.claims.sentences import split

KNOWN = {"cures", "fda", "safe", "regenerate"}


def words(text: str) -> list[str]:
    """Return the sentences of a text, each as its words."""
    return [" ".join(sentence.words) for sentence in split(fold(text), KNOWN.__contains__)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three", ["one", "two", "three"]),
        ("Dr. Reed said 3.5 of 10.", ["dr reed said 3.5 of 10"]),
        ("Approved by the U.S. agency.", ["approved by the u s agency"]),
        ("F D A, f.d.a. and F-D-A", ["fda fda and fda"]),
        ("c u r e s   it", ["cures it"]),
        ("cu-\nres and re-generate, well-known", ["cures and regenerate wellknown"]),
        ("s@fe cur3s", ["safe cures"]),
        ("The patient's leg", ["the patient leg"]),
        ("Side effects? None.", ["side effects none", "none"]),
        ("Side effects? Some are known.", ["side effects", "some are known"]),
    ],
)
def test_text_is_cut_into_words(text: str, sentences: list[str]) -> None:
    assert words(text) == sentences


def test_a_question_answered_with_yes_is_a_statement() -> None:
    asked, _ = split(fold("Is it approved? Yes, it is."), KNOWN.__contains__)

    assert asked.end == "."


def test_items_of_a_list_begin_with_the_words_above_it() -> None:
    text = "<p>It does not:</p><ul><li>cure</li><li>heal. Ever</li></ul><p>It is.</p>"

    assert words(text) == ["it does not", "it does not cure", "it does not heal", "ever", "it is"]


def test_cells_of_a_row_begin_with_its_head() -> None:
    text = "<table><tr><th>Claim</th><td>one</td><td>two</td></tr><tr><th>Other</th><td>three</td></tr></table>"

    assert words(text) == ["claim", "claim one", "claim two", "other", "other three"]


def test_cells_begin_with_the_heads_of_their_row_and_column() -> None:
    heads = "<tr><th>Therapy</th><th>Cures</th><th>Success rate</th></tr>"
    text = f"<table>{heads}<tr><td><p>PRP</p></td><td></td><td><p>98 %</p></td></tr></table><p>It is.</p>"

    assert words(text) == [
        "therapy",
        "therapy cures",
        "therapy success rate",
        "prp",
        "prp success rate 98 %",
        "it is",
    ]


def test_a_row_of_plain_cells_heads_no_column_and_heads_end_with_their_table() -> None:
    first = "<table><tr><th></th><th>Cures</th></tr><tr><th>Exosomes</th><td>gout</td></tr></table>"
    second = "<table><tr><td>PRP</td><td>none</td></tr><tr><td>Rest</td><td>pain</td></tr></table>"

    assert words(first + second) == ["cures", "exosomes", "exosomes cures gout", "prp", "prp none", "rest", "rest pain"]
