"""Finds patterns in a sentence. Pure.

Each item of a pattern is looked up among the words of the sentence; a pattern is tried only where every item that must stand
there does. What is done for a sentence is bounded by its length, which is bounded, so the time grows with the text only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from content.claims.lexicon import Lexicon, fits
from content.claims.patterns import Item, Pattern, Word
from content.claims.sentences import Sentence, Token
from content.claims.tone import ADVERTISING, heaviest

# A long gap does not reach over a semicolon, a short one over no pause at all.
STOP = ";"
PAUSES = frozenset(",;(–")
SHORT_GAP = 3
# Classes that stand in nearly every sentence; a pattern is looked up by another of its items where it has one.
COMMON = frozenset(
    "product regen generic ours be number body function patients he target anything evidence looks activity trouble report good".split()
)
# The same of single words.
FREQUENT = frozenset(
    "the to in for of you a not no that it is your from with what and are on by one this before we our or have at how they most do"
    " than after as be off only can exosomes prp stem will has an all more about if when which who was i my".split()
)

type Spans = list[tuple[int, int]]


class Owner(NamedTuple):
    """What a pattern belongs to: its kind (rule, unless, cue, therapy) and name."""

    kind: str
    name: str


class Match(NamedTuple):
    """Where a pattern was found: first word, behind the last, and the places that it names, without its gaps; none for a sound."""

    owner: Owner
    start: int
    end: int
    named: frozenset[int]


class _Step(NamedTuple):
    item: Item
    gap: int
    optional: bool


@dataclass(frozen=True)
class _Compiled:
    owner: Owner
    steps: tuple[_Step, ...]
    firm: tuple[Item, ...]
    anchored: bool
    closing: bool


@dataclass
class Scan:
    """A sentence and where its words, stems and classes stand."""

    sentence: Sentence
    words: dict[str, Spans] = field(default_factory=dict)
    classes: dict[str, Spans] = field(default_factory=dict)
    stems: dict[str, Spans] = field(default_factory=dict)
    stops: list[int] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)
    _items: dict[Item, Spans] = field(default_factory=dict)

    @property
    def tokens(self) -> list[Token]:
        """The words."""
        return self.sentence.tokens

    def has(self, name: str, place: int) -> bool:
        """Return whether a place belongs to a class."""
        return any(start == place for start, _ in self.classes.get(name, ()))

    def spans(self, item: Item) -> Spans:
        """Return where an item stands, in order."""
        known = self._items.get(item)
        if known is None:
            known = self._items[item] = self._look_up(item)
        return known

    def _look_up(self, item: Item) -> Spans:
        found: set[tuple[int, int]] = set()
        if item.word.words:
            for word in item.word.words & self.words.keys():
                found.update(self.words[word])
        for stem in item.word.stems:
            found.update(self.stems.get(stem, ()))
        for name in item.classes:
            found.update(self.classes.get(name, ()))
        for phrase in item.phrases:
            found.update(self._of_phrase(phrase))
        return sorted(found) if len(found) > 1 else list(found)

    def _of_phrase(self, phrase: tuple[Word, ...]) -> Iterator[tuple[int, int]]:
        first = phrase[0]
        starts = [span for word in first.words & self.words.keys() for span in self.words[word]]
        starts += [span for stem in first.stems for span in self.stems.get(stem, ())]
        for start, _ in starts:
            if fits(self.tokens, start, phrase):
                yield start, start + len(phrase)


def scan(sentence: Sentence, lexicon: Lexicon) -> Scan:
    """Return a sentence with what its words are."""
    scanned = Scan(sentence)
    for at, token in enumerate(sentence.tokens):
        span = (at, at + 1)
        scanned.words.setdefault(token.word, []).append(span)
        for stem in lexicon.meaning(token.word).stems:
            scanned.stems.setdefault(stem, []).append(span)
        for name, end in lexicon.classes_at(sentence.tokens, at):
            scanned.classes.setdefault(name, []).append((at, end))
        if STOP in token.before:
            scanned.stops.append(at)
        if not PAUSES.isdisjoint(token.before):
            scanned.pauses.append(at)
    _listen(scanned)
    return scanned


def _listen(scanned: Scan) -> None:
    """Note the heaviest word of a sentence that sounds like an advertisement."""
    sentence = scanned.sentence
    loud = heaviest(sentence.words, scanned.classes, sentence.end, sentence.stem)
    if loud is not None:
        scanned.classes[ADVERTISING] = [(loud, loud + 1)]


class Index:
    """Patterns, by a word or class without which they cannot stand in a sentence."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[_Compiled]] = {}

    def add(self, owner: Owner, pattern: Pattern) -> None:
        """Let a pattern be found."""
        steps: list[_Step] = []
        gap = 0
        for item in pattern.items:
            if item.gap:
                gap = item.gap
            else:
                steps.append(_Step(_plain(item), gap, item.optional))
                gap = 0
        firm = tuple(sorted((step.item for step in steps if not step.optional), key=_commonness))
        compiled = _Compiled(owner, tuple(steps), firm, pattern.anchored, pattern.closing)
        for key in _keys(firm[0]):
            self._by_key.setdefault(key, []).append(compiled)

    def find(self, scanned: Scan) -> Iterator[Match]:
        """Yield where the patterns stand: at most one match for each pattern and beginning."""
        for compiled in self._candidates(scanned):
            if all(scanned.spans(item) for item in compiled.firm):
                yield from self._match(scanned, compiled)

    def _candidates(self, scanned: Scan) -> Iterable[_Compiled]:
        keys = [*scanned.words, *map(_class_key, scanned.classes), *map(_stem_key, scanned.stems)]
        return {id(each): each for key in keys for each in self._by_key.get(key, ())}.values()

    def _match(self, scanned: Scan, compiled: _Compiled) -> Iterator[Match]:
        for start, end in scanned.spans(compiled.steps[0].item):
            if compiled.anchored and start not in {0, scanned.sentence.stem}:
                continue
            path = self._follow(scanned, compiled, start, end)
            if path:
                # How a sentence sounds is no word of the claim: a cue may be the very word that sounds so.
                sound = ADVERTISING in compiled.steps[0].item.classes
                yield Match(compiled.owner, start, path[-1] + 1, frozenset(() if sound else path))

    def _follow(self, scanned: Scan, compiled: _Compiled, start: int, end: int) -> tuple[int, ...]:
        """Return the places that a pattern takes from a beginning, the nearest ones first, or nothing."""
        # By where the next item may stand at the earliest, and how many words may be skipped before it.
        paths: dict[tuple[int, int], tuple[int, ...]] = {(end, 0): tuple(range(start, end))}
        for step in compiled.steps[1:]:
            spans = scanned.spans(step.item)
            further: dict[tuple[int, int], tuple[int, ...]] = {}
            for (place, slack), path in paths.items():
                reach = slack + step.gap
                stops = scanned.stops if reach > SHORT_GAP else scanned.pauses
                for begin, after in _within(spans, place, _limit(stops, place, reach)):
                    further.setdefault((after, 0), path + tuple(range(begin, after)))
                if step.optional:
                    further.setdefault((place, reach), path)
            paths = further
        last = len(scanned.tokens)
        return next((path for path in paths.values() if not compiled.closing or path[-1] == last - 1), ())


@cache
def _plain(item: Item) -> Item:
    """Return an item by itself, the same object for the same words: it is looked up often."""
    return Item(item.word, item.classes, item.phrases)


def _within(spans: Spans, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the spans that begin between two places, both counted in."""
    for at in range(bisect_left(spans, (first, 0)), len(spans)):
        if spans[at][0] > last:
            return
        yield spans[at]


def _limit(stops: list[int], place: int, reach: int) -> int:
    """Return how far a gap reaches from a place."""
    return min([place + reach, *(stop - 1 for stop in stops if stop >= place)]) if stops else place + reach


def _class_key(name: str) -> str:
    return f"{{{name}}}"


def _stem_key(stem: str) -> str:
    return f"{stem}*"


def _keys(item: Item) -> Iterator[str]:
    yield from item.word.words
    yield from map(_stem_key, item.word.stems)
    yield from map(_class_key, item.classes)
    for phrase in item.phrases:
        yield from phrase[0].words
        yield from map(_stem_key, phrase[0].stems)


def _commonness(item: Item) -> int:
    common = 1000 * len(item.classes & COMMON) + 400 * len(item.word.words & FREQUENT)
    return common + 50 * len(item.classes) + len(item.word.words) + len(item.phrases)
