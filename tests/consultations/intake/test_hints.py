"""Slips of the finger in mail addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.intake import hints


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@homtail.com", "ada@hotmail.com"),
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("ada@gmail.co", "ada@gmail.com"),
        ("ada@GMAI.com", "ada@gmail.com"),
        ("ada@yaho.com", "ada@yahoo.com"),
        ("ada@outlok.com", "ada@outlook.com"),
        ("ada@icluod.com", "ada@icloud.com"),
        ("ada@hotmial.con", "ada@hotmail.com"),
    ],
)
def test_corrected_mends_a_slip(typed: str, meant: str) -> None:
    assert hints.corrected(typed) == meant


@pytest.mark.parametrize(
    "email",
    [
        "ada@gmail.com",
        "ada@Hotmail.com",
        "ada@mail.com",
        "ada@ymail.com",
        "ada@yahoo.es",
        "ada@hotmail.fr",
        "ada@gmx.at",
        "ada@me.com",
        "ada@clinic.example",
        "ada@example.com",
        "nonsense",
        "",
    ],
)
def test_corrected_leaves_honest_addresses_alone(email: str) -> None:
    assert hints.corrected(email) == ""


def test_distance_counts_a_swap_of_neighbours_as_one() -> None:
    assert [hints.distance("homtail", "hotmail"), hints.distance("", "abc"), hints.distance("abc", "abd")] == [1, 3, 1]


@given(st.text(max_size=30), st.text(max_size=30))
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert hints.distance(one, other) == hints.distance(other, one)


@given(st.text(max_size=60))
def test_corrected_never_raises(text: str) -> None:
    assert isinstance(hints.corrected(text), str)
