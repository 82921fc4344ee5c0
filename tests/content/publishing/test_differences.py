"""What differs between two texts, in words struck and added."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from content.publishing.differences import Budget, Difference, Text, compare

WORDS = st.lists(st.sampled_from("one two three <b>four</b> &amp; [1]".split()), max_size=12).map(" ".join)


def between(before: str, after: str, *, html: bool = False) -> list[Difference]:
    """Return what differs between two states of one text."""
    return compare([Text("lead", "Beginning", before, html=html)], [Text("lead", "Beginning", after, html=html)])


def test_one_word_that_changed_is_struck_and_added() -> None:
    assert between("It may help some people.", "It may harm some people.") == [
        Difference(
            "Beginning",
            "",
            [[("same", "It may"), ("struck", " help"), ("added", " harm"), ("same", " some people.")]],
        )
    ]


def test_unchanged_paragraphs_are_left_out_and_cells_are_compared_alone() -> None:
    table = "<p>As before.</p><table><tr><td>Price</td><td>{}</td></tr></table>"

    found = between(table.format("100 dollars"), table.format("200 dollars"), html=True)

    assert found[0].paragraphs == [None, [("struck", "100"), ("added", "200"), ("same", " dollars")]]


def test_link_that_leads_elsewhere_is_seen() -> None:
    found = between('<p><a href="/a/">Read on</a></p>', '<p><a href="/b/">Read on</a></p>', html=True)

    assert found[0].paragraphs == [
        [("same", "Read on (link to"), ("struck", " /a/)"), ("added", " /b/)")],
    ]


def test_emphasis_alone_is_told_in_words() -> None:
    found = between("<p>Plain words</p>", "<p><strong>Plain</strong> words</p>", html=True)

    assert found == [
        Difference("Beginning", "", [], "Its words are the same; how they are set apart or emphasised was changed.")
    ]


def test_lines_between_tags_are_no_change() -> None:
    typed, saved = ([Text("lead", "Beginning", html, html=True)] for html in ("<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p>"))

    assert compare(typed, saved) == []


def test_section_added_removed_and_moved_is_told() -> None:
    one, two, three = (Text(f"section {name} heading", "Heading", name, name) for name in ("A", "B", "C"))

    assert [(each.label, each.note) for each in compare([one, two], [two, three])] == [
        ("Heading", "Removed."),
        ("Heading", "New."),
    ]
    assert [each.paragraphs for each in compare([one, two], [two, one])] == [
        [[("struck", "A, B")], [("added", "B, A")]],
    ]


@given(WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_what_is_not_added_is_the_old_text_and_what_is_not_struck_the_new_one(before: str, after: str) -> None:
    found = between(before, after)

    pieces = [piece for each in found for paragraph in each.paragraphs if paragraph for piece in paragraph]
    for hidden, text in (("added", before), ("struck", after)):
        assert " ".join("".join(f" {words}" for kind, words in pieces if kind != hidden).split()) == (
            text if found else " ".join("".join(words for _, words in pieces).split())
        )
    assert bool(found) == (before != after)


def test_big_texts_are_compared_as_wholes_in_bounded_time() -> None:
    many = "".join(f"<p>{number % 2}</p>" for number in range(20_000))
    long = "a b " * 20_000
    started = time.process_time()

    found = [between(many, many + "<p>x</p>", html=True), between(long, long + "c")]

    assert time.process_time() - started < 3
    assert [[kind for paragraph in each[0].paragraphs if paragraph for kind, _ in paragraph] for each in found] == [
        ["struck", "added"],
        ["struck", "added"],
    ]


def test_budget_is_for_all_paragraphs_together() -> None:
    budget = Budget(10)

    assert [budget.allows(["a"] * 3, ["b"] * 3), budget.allows(["a"], ["b"]), budget.allows(["a"], ["b"])] == [
        True,
        True,
        False,
    ]
