"""Numbers in addresses: the digits of a key, and nothing else that Python would take for a number."""

from __future__ import annotations

import pytest

from content.numerals import number_in


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize("text", ["", " 7", "7 ", "+7", "-7", "1_0", "7.0", "٧", "７", "²", "9" * 19, "x", "7\n"])
def test_anything_else_is_none(text: str) -> None:
    assert number_in(text) is None


def test_number_with_more_digits_than_asked_for_is_none() -> None:
    assert (number_in("99", digits=2), number_in("100", digits=2)) == (99, None)
