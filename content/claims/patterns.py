"""The small language that rules are written in, compiled to items that are matched word by word. Pure.

One pattern a line; its words are separated by spaces:

    heal           this word            heal+       the verb in all its forms
    arthrit*       words that begin so  cure|heal   either
    say+_goodbye   words side by side   {disease}   any word of this class of the vocabulary
    #              any number           very?       may be missing
    ...            up to six words      ..          up to three words
    ^              the beginning of a sentence, and $ its end
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import pairwise

from content.claims.forms import forms_of

LONGEST_PATTERN = 14
SHORTEST_STEM = 3
GAPS = {"...": 6, "..": 3}
NUMBER = "number"
LONGEST_WORD = 40
PART = re.compile(rf"[a-z0-9%$']{{1,{LONGEST_WORD}}}[+*]?")
CLASS = re.compile(r"\{([a-z_]{1,30})\}")


class PatternError(ValueError):
    """A pattern that cannot be used; says in a sentence why."""


@dataclass(frozen=True)
class Word:
    """One word of a phrase: any of `words`, or one that begins with any of `stems`."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()

    def fits(self, word: str) -> bool:
        """Return whether a word of a text is meant."""
        return word in self.words or word.startswith(self.stems)


@dataclass(frozen=True)
class Item:
    """What may stand at one place of a pattern.

    Attributes:
        word: single words.
        classes: classes of the vocabulary.
        phrases: words side by side.
        optional: may be missing.
        gap: how many words may stand here, whatever they are; 0 for all others.
    """

    word: Word = Word(frozenset())
    classes: frozenset[str] = frozenset()
    phrases: tuple[tuple[Word, ...], ...] = ()
    optional: bool = False
    gap: int = 0

    def __hash__(self) -> int:
        """Return the hash, computed once."""
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = hash((self.word, self.classes, self.phrases, self.optional, self.gap))
            object.__setattr__(self, "_hash", known)
        return known


@dataclass(frozen=True)
class Pattern:
    """Items in order; `anchored` ones begin a sentence, `closing` ones end it."""

    items: tuple[Item, ...]
    anchored: bool = False
    closing: bool = False


def compile_lines(text: str, classes: Container[str]) -> list[Pattern]:
    """Return the patterns of a text, one a line.

    Raises:
        PatternError: with the line and what is wrong with it.
    """
    return [compile_pattern(line, classes) for line in text.splitlines() if line.strip()]


def compile_pattern(line: str, classes: Container[str]) -> Pattern:
    """Return one pattern.

    Args:
        line: the pattern as it is written.
        classes: the names of classes that there are.

    Raises:
        PatternError: what is wrong, in a sentence.
    """
    parts = line.lower().replace("’", "'").split()
    anchored = parts[:1] == ["^"]
    closing = parts[-1:] == ["$"]
    parts = parts[anchored : len(parts) - closing]
    if len(parts) > LONGEST_PATTERN:
        raise PatternError(f"“{line}” has {len(parts)} parts; {LONGEST_PATTERN} are the most.")
    items = tuple(_item(part, line, classes) for part in parts)
    firm = [number for number, item in enumerate(items) if not item.gap and not item.optional]
    if not firm:
        raise PatternError(f"“{line}” would fit any sentence: give it at least one word that must stand there.")
    if items[0].gap or items[-1].gap or items[0].optional or items[-1].optional:
        raise PatternError(f"“{line}” begins or ends with a part that may be missing; leave that part out.")
    if any(one.gap and two.gap for one, two in pairwise(items)):
        raise PatternError(f"“{line}” has two gaps side by side; one is enough.")
    return Pattern(items, anchored, closing)


def entries(words: Iterable[str], classes: Container[str]) -> Item:
    """Return entries of the vocabulary, whose words are separated by spaces, as one item."""
    return _item("|".join("_".join(entry.split()) for entry in words), "the vocabulary", classes)


def _item(part: str, line: str, classes: Container[str]) -> Item:
    if part in GAPS:
        return Item(gap=GAPS[part])
    optional = part.endswith("?")
    words: set[str] = set()
    stems: list[str] = []
    named: set[str] = set()
    phrases: list[tuple[Word, ...]] = []
    for choice in part.removesuffix("?").split("|"):
        if choice == "#":
            named.add(NUMBER)
        elif match := CLASS.fullmatch(choice):
            named.add(_known(match[1], line, classes))
        elif "_" in choice:
            phrases.append(tuple(_word(piece, line) for piece in choice.split("_")))
        else:
            word = _word(choice, line)
            words |= word.words
            stems += word.stems
    return Item(Word(frozenset(words), tuple(stems)), frozenset(named), tuple(phrases), optional)


def _known(name: str, line: str, classes: Container[str]) -> str:
    if name not in classes:
        raise PatternError(f"“{line}” names the class {{{name}}}, which the vocabulary does not have.")
    return name


def _word(piece: str, line: str) -> Word:
    if not PART.fullmatch(piece):
        shown = f"“{piece}”" if piece else "an empty choice"
        raise PatternError(f"“{line}” holds {shown}; a part is a word, word*, verb+, {{class}}, # or ... .")
    if piece.endswith("*"):
        stem = piece[:-1]
        if len(stem) < SHORTEST_STEM:
            raise PatternError(f"“{line}”: write at least {SHORTEST_STEM} letters before the star in “{piece}”.")
        return Word(frozenset(), (stem,))
    return Word(frozenset(forms_of(piece[:-1]) if piece.endswith("+") else (piece,)))
