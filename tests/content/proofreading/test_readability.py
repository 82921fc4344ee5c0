"""How hard a text reads: a hint that is about right, in time, and never in anybody's way."""

from __future__ import annotations

import pytest

from content.proofreading.readability import measure, of, syllables
from tests.factories import make_draft, make_section

PLAIN = "<p>" + "The cat sat on the mat. We took the dog to the park. " * 5 + "</p>"
HARD = (
    "<p>"
    + (
        "Allogeneic extracellular vesicles necessitate individualized considerations regarding immunological compatibility, "
        "manufacturing reproducibility and long-term pharmacovigilance obligations throughout institutional documentation. "
    )
    * 3
    + "</p>"
)


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("the", 1), ("make", 1), ("table", 2), ("placed", 1), ("treated", 2), ("names", 1), ("doses", 2),
     ("patient", 2), ("exosomes", 3), ("therapy", 3), ("hmm", 1)],
)  # fmt: skip
def test_syllables_are_counted_by_their_vowels(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grade_follows_length_of_sentences_and_words() -> None:
    plain, hard = measure(PLAIN), measure(HARD)

    assert plain is not None
    assert hard is not None
    # Thirteen syllables in thirteen words, in two sentences.
    assert (plain.words, plain.sentence_length, plain.grade, plain.is_hard) == (65, 6.5, 0.0, False)
    assert (hard.sentence_length, hard.grade > 20, hard.is_hard) == (18.0, True, True)


def test_grade_is_that_of_the_formula() -> None:
    # Six words and ten syllables a sentence: 0.39 × 6 + 11.8 × 10 / 6 − 15.59.
    found = measure("<p>" + "The doctor will explain every risk. " * 6 + "</p>")

    assert found is not None
    assert round(found.grade, 2) == 6.42


def test_items_headings_and_citations_are_read_as_they_stand() -> None:
    listed = measure("<h3>What it is</h3><ul>" + "<li>one small thing [12]</li>" * 12 + "</ul>")

    assert listed is not None
    assert (listed.words, round(listed.sentence_length, 2)) == (39, 3.0)


def test_short_text_has_no_grade() -> None:
    assert measure("<p>Too short to say.</p>") is None


def test_revision_is_measured_as_a_whole_and_by_section(db: None) -> None:
    draft = make_draft(lead=PLAIN, key_points="One point.\nAnother point.")
    make_section(draft, heading="Hard", body=HARD)
    make_section(draft, heading="Short", body="<p>Short.</p>")

    assert [found.place for found in of(draft)] == ["The whole text", "Section “Hard”"]
