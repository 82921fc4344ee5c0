"""The index as a process holds it: the entries that are public at a moment, and which of their words a typed one may mean, mistyped ones too."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from content.models import SearchEntry, SearchSynonym
from content.search.stemming import stem
from content.search.words import SHORTEST_SLIP, is_slip, stems, telling

LINE = re.compile(r"\n(\S+) (\S+) (?=\d+)")
SHORTEST_BEGINNING = 3
# Of a beginning such as "pre", so many words are looked for.
MOST_MEANT = 30
EXACT, BEGINNING, SLIP = 1.0, 0.6, 0.9


@dataclass(frozen=True)
class Entry:
    """A public entry: its id, kind, title, how many words the title has, and its words (see SearchEntry.words)."""

    pk: int
    kind: str
    title: str
    title_size: int
    words: str


@dataclass(frozen=True)
class Index:
    """What can be found at a moment. It does not change."""

    entries: list[Entry]
    groups: list[list[frozenset[str]]]
    known_by_synonyms: frozenset[str]

    @cached_property
    def vocabulary(self) -> dict[str, set[str]]:
        """Stems by each word that an entry or a synonym has."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            for line in LINE.finditer(entry.words):
                found.setdefault(line[2], set()).add(line[1])
        for word in self.known_by_synonyms:
            found.setdefault(word, set()).add(stem(word))
        return found

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every stem that is known."""
        return frozenset(one for found in self.vocabulary.values() for one in found)

    def meant_by(self, word: str) -> dict[str, float]:
        """Return the stems that a typed word may mean, with how well they fit.

        A word that is known is taken as it is; else for the beginning of others; else for a slip of the finger.
        """
        if (own := stem(word)) in self.stems:
            return {own: EXACT}
        begun = [other for other in self.vocabulary if len(word) >= SHORTEST_BEGINNING and other.startswith(word)]
        if begun:
            # The shortest are the likeliest; their order must not depend on that of the rows.
            nearest = sorted(begun, key=lambda other: (len(other), other))[:MOST_MEANT]
            return {one: BEGINNING for other in nearest for one in self.vocabulary[other]}
        slips = [other for other in self.vocabulary if len(word) >= SHORTEST_SLIP and is_slip(word, other)]
        return {one: SLIP for other in slips for one in self.vocabulary[other]} or {own: EXACT}


def read(now: dt.datetime) -> Index:
    """Return the index of what is public at `now`, in two queries."""
    rows = SearchEntry.objects.public(now).order_by("pk").values_list("pk", "kind", "title", "words")
    groups, known = [], set[str]()
    for synonym in SearchSynonym.objects.all():
        groups.append([frozenset(said) for phrase in synonym.phrase_list if (said := stems(phrase))])
        known.update(word for phrase in synonym.phrase_list for word in telling(phrase))
    entries = [Entry(pk, kind, title, len(telling(title)), words) for pk, kind, title, words in rows]
    return Index(entries, groups, frozenset(known))
