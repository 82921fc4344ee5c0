"""Which entries answer a query, best first. No models; the same on every database, as no database is asked.

A query is taken apart into ideas: a word, or a phrase that a group of synonyms knows. An entry answers it where it says every
idea, in whatever order and words; where no entry does, those that say at least half of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from content.choices import SearchKind
from content.search.entries import IN_TITLE
from content.search.index import EXACT, Entry, Index
from content.search.words import telling

LONGEST_QUERY = 200
MOST_WORDS = 12
# What is found by another word for it counts a little less.
SYNONYM = 0.9
# How much a kind counts: a therapy's page is about it as a whole, and a comparison says little that its guides do not.
KINDS = {
    SearchKind.THERAPY: 1.35,
    SearchKind.ARTICLE: 1.2,
    SearchKind.QUESTION: 1.0,
    SearchKind.COMPARISON: 0.8,
    SearchKind.CENTER: 1.0,
    SearchKind.POLICY: 0.7,
    # A definition of a line or two: who asks for the thing itself wants its page.
    SearchKind.TERM: 0.6,
}
ORDER = {str(kind): number for number, kind in enumerate(SearchKind)}


@dataclass(frozen=True)
class Way:
    """One way to say an idea: stems that must all be there, each word as a choice of stems with how well they fit."""

    words: tuple[tuple[tuple[str, float], ...], ...]
    worth: float = EXACT


@dataclass
class Said:
    """How well an entry says an idea, in how many words of its title, and in which words."""

    score: float = 0.0
    in_title: int = 0
    words: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Hit:
    """An entry that answers a query: its id, and which of its words to mark."""

    pk: int
    words: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What was found, best first; `complete`: each says everything that was asked."""

    hits: list[Hit]
    complete: bool = True


def find(index: Index, query: str) -> Answer:
    """Return the entries that answer a query, best first; none where it says nothing."""
    ideas = ideas_of(index, query)
    if not ideas:
        return Answer([])
    said = [(entry, [_said(entry, idea) for idea in ideas]) for entry in index.entries]
    found = [(entry, each) for entry, each in said if any(one.score for one in each)]
    weights = [_rarity(len(index.entries), sum(bool(each[i].score) for _, each in found)) for i in range(len(ideas))]
    complete = [(entry, each) for entry, each in found if all(one.score for one in each)]
    if not complete:
        half = math.ceil(len(ideas) / 2)
        found = [(entry, each) for entry, each in found if sum(bool(one.score) for one in each) >= half]
    ranked = sorted(complete or found, key=lambda one: _place(one[0], one[1], weights))
    hits = [Hit(entry.pk, frozenset().union(*(one.words for one in each))) for entry, each in ranked]
    return Answer(hits, complete=bool(complete))


def ideas_of(index: Index, query: str) -> list[list[Way]]:
    """Return the ideas of a query, each as the ways in which it can be said; longer phrases are recognised first."""
    typed = list(dict.fromkeys(telling(query[:LONGEST_QUERY])))[:MOST_WORDS]
    meant = {word: index.meant_by(word) for word in typed}
    ideas: dict[str, list[Way]] = {}
    left = list(typed)
    phrases = [(phrase, group) for group in index.groups for phrase in group]
    for phrase, group in sorted(phrases, key=lambda pair: (-len(pair[0]), sorted(pair[0]))):
        words = _spelled(phrase, left, meant)
        if words:
            own = Way(tuple(tuple(meant[word].items()) for word in words))
            others = [
                Way(tuple(((one, EXACT),) for one in sorted(other)), SYNONYM) for other in group if other != phrase
            ]
            ideas[words[0]] = [own, *others]
            left = [word for word in left if word not in words]
    ideas |= {word: [Way((tuple(meant[word].items()),))] for word in left}
    # In the order in which they were typed, so that nothing depends on that of the groups.
    return [ideas[word] for word in typed if word in ideas]


def _spelled(phrase: frozenset[str], typed: list[str], meant: dict[str, dict[str, float]]) -> list[str]:
    """Return the typed words that spell a phrase, in their order; none where some of it is missing."""
    words = [next((word for word in typed if one in meant[word]), "") for one in phrase]
    if "" in words or len(set(words)) < len(phrase):
        return []
    return sorted(words, key=typed.index)


def _said(entry: Entry, idea: list[Way]) -> Said:
    """Return how well an entry says an idea, in the best of its ways; all words of every way are to be marked."""
    best = Said()
    for way in idea:
        each = [_word(entry, choice) for choice in way.words]
        if all(one.score for one in each):
            score = way.worth * sum(one.score for one in each) / len(each)
            best.words.update(*(one.words for one in each))
            if all(one.in_title for one in each):
                best.in_title = max(best.in_title, len(each))
            best.score = max(best.score, score)
    return best


def _word(entry: Entry, choice: tuple[tuple[str, float], ...]) -> Said:
    """Return how well an entry says one of some stems."""
    best = Said()
    for one, fits in choice:
        for word, weight in _lines(entry.words, one):
            best.words.add(word)
            best.score = max(best.score, fits * weight)
            best.in_title = max(best.in_title, int(weight >= IN_TITLE))
    return best


def _lines(words: str, stem: str) -> Iterator[tuple[str, int]]:
    """Yield each word with a stem, and its weight."""
    start = f"\n{stem} "
    at = words.find(start)
    while at >= 0:
        word, weight = words[at + len(start) : words.index("\n", at + 1)].split(" ")
        yield word, int(weight)
        at = words.find(start, at + 1)


def _rarity(entries: int, saying: int) -> float:
    """Return how much an idea counts: the fewer entries say it, the more."""
    return math.log(1 + entries / max(saying, 1))


def _place(entry: Entry, said: list[Said], weights: list[float]) -> tuple[float, float, int, str, int]:
    """Return by what an answer is sorted."""
    score = sum(weight * one.score for weight, one in zip(weights, said, strict=True))
    # A title that says what was asked, and little else.
    ideas, words = sum(one.in_title > 0 for one in said), sum(one.in_title for one in said)
    title = ideas / len(said) * words / max(entry.title_size, words, 1)
    score *= KINDS[SearchKind(entry.kind)] * (1 + title)
    return -sum(bool(one.score) for one in said), -round(score, 6), ORDER[entry.kind], entry.title, entry.pk
