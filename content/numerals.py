"""Numbers that stand in addresses and forms, where anything else may stand as well. A leaf."""

from __future__ import annotations

# So many digits are a number that every key column holds.
OF_A_KEY = 18


def number_in(text: str, *, digits: int = OF_A_KEY) -> int | None:
    """Return the number that a text is: 0 to 9 and nothing else, at most so many `digits`; None for any other text.

    `int` alone takes signs, spaces, underscores and the digits of every script, and numbers that no column holds.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
