"""Words are folded, cut down to stems, and compared for one slip of the finger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.search.stemming import stem
from content.search.words import fold, is_slip, telling


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("injections", "inject"),
        ("injected", "inject"),
        ("ponies", "poni"),
        ("caresses", "caress"),
        ("hopping", "hop"),
        ("relational", "relat"),
        ("controlling", "control"),
        ("electricity", "electr"),
        ("sky", "sky"),
        ("células", "células"),
    ],
)
def test_stem_is_that_of_the_algorithm(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("exsome", True), ("exossome", True), ("exosone", True), ("exosmoe", True), ("exsme", False), ("exosome", False)],
)
def test_slip_is_one_letter_or_two_neighbours(typed: str, expected: bool) -> None:  # noqa: FBT001
    assert is_slip(typed, "exosome") == expected


def test_short_word_has_no_slips() -> None:
    assert not is_slip("prq", "prp")


def test_words_are_folded_and_those_that_say_nothing_left_out() -> None:
    assert telling("What is the doctor’s PRP-Injection, Células?") == ["doctors", "prp", "injection", "celulas"]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(word == fold(word) and word for word in telling(text))
