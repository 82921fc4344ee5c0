"""Takes texts apart into words that can be compared: accents and case folded, words that say nothing left out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from content.search.stemming import stem

# Letters and digits; marks that belong to a letter, and an apostrophe within a word, do not end it.
WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f])+(?:['\u2019](?:[^\\W_]|[\u0300-\u036f])+)*")
LONGEST = 40
# English and Spanish words that stand on every page.
SAY_NOTHING = frozenset(
    (
        "a an and are as at be been by can could did do does for from had has have how i if in into is it its me my of on or "
        "our should so some than that the their them there these they this to us vs versus was we were what when where which "
        "who why will with would you your al con como cual cuales cuando cuanta cuantas cuanto cuantos de del donde el en es esta "
        "estas este estos hay la las lo los mi mis o para por que quien se ser si son su sus un una y"
    ).split()
)
SHORTEST_SLIP = 4


@dataclass(frozen=True)
class Word:
    """A word of a text: as it is folded, and where it stands."""

    folded: str
    start: int
    end: int


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in its order, those that say nothing too."""
    for match in WORD.finditer(text):
        if folded := fold(match[0]):
            yield Word(folded, match.start(), match.end())


def telling(text: str) -> list[str]:
    """Return the folded words that say something, in the text's order."""
    return [word.folded for word in words_of(text) if word.folded not in SAY_NOTHING]


def stems(text: str) -> list[str]:
    """Return the stems of the words that say something, in the text's order."""
    return [stem(word) for word in telling(text)]


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word without case, accents and apostrophes, cut at LONGEST; empty where nothing is left.

    Folding what is folded changes nothing.
    """
    before, after = "", word
    while before != after:
        before = after
        plain = unicodedata.normalize("NFKD", before.casefold())
        after = "".join(sign for sign in plain if sign.isalnum())
    return after[:LONGEST]


def is_slip(typed: str, meant: str) -> bool:
    """Return whether two words differ by one letter added, left out, mistaken, or by two neighbours in the wrong order."""
    if typed == meant or abs(len(typed) - len(meant)) > 1 or min(len(typed), len(meant)) < SHORTEST_SLIP:
        return False
    at = next((i for i, (one, other) in enumerate(zip(typed, meant, strict=False)) if one != other), None)
    if at is None:
        return True
    left, right = typed[at:], meant[at:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
