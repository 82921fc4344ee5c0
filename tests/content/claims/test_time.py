"""No text takes more than linear time: twice the text, twice the work."""

from __future__ import annotations

import random
import time

import pytest

from content.claims.checking import Book

# What makes careless matching slow: repeated beginnings of patterns, gaps, marks, one long word, one long sentence.
UNITS = {
    "claims": "our exosomes cure the arthritis of every patient and ",
    "beginnings": "exosomes stem cell therapy our we ",
    "gaps": "cure one two three four five six ",
    "denials": "not never no without exosomes cure ",
    "one word": "a",
    "stops": ". ! ? ",
    "tags": "<li>our exosomes cure arthritis",
    "open tags": "<",
    "cells": "<tr><td>exosomes</td><td>cure arthritis</td></tr>",
    "citations": "<sup>[1]</sup>[2]",
    "entities": "&amp;&#99;",
    "numbers": "one hundred 1,1 % ",
    "hyphens": "cu-",
    "letters": "c u r e ",
    "unseen": "c\u200bu\xad",
    "look-alikes": "сurе аrthritis ",
}
SIZES = (3_000, 12_000)
# Linear work gives about 4, quadratic work 16.
LIMIT = 9


def seconds(book: Book, text: str) -> float:
    """Return the least processor time of four runs."""
    taken = []
    for _ in range(4):
        began = time.process_time()
        book.check(text)
        taken.append(time.process_time() - began)
    return min(taken)


def growth(book: Book, unit: str) -> float:
    """Return how many times as long four times the text takes; what is done in a blink counts as linear."""
    small, large = (seconds(book, (unit * size)[:size]) for size in SIZES)
    return large / max(small, 0.002)


@pytest.mark.parametrize("name", UNITS)
def test_four_times_the_text_takes_about_four_times_as_long(book: Book, name: str) -> None:
    assert growth(book, UNITS[name]) < LIMIT


def test_random_repetitions_take_linear_time(book: Book) -> None:
    chance = random.Random(7)  # noqa: S311  a fixed series of texts, no secret
    pieces = [word for unit in UNITS.values() for word in unit.split()]
    units = [
        " ".join(chance.choices(pieces, k=chance.randint(1, 8))) + chance.choice([" ", "", "\n"]) for _ in range(6)
    ]

    worst = max((growth(book, unit), unit) for unit in units)

    print(f"The worst of {len(units)}: four times the text took {worst[0]:.1f} times as long, for {worst[1]!r}.")  # noqa: T201
    assert worst[0] < LIMIT
