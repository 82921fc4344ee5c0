"""Checks texts against a book of rules: text and context in, findings out. Pure.

The time it takes grows with the length of the text, whatever is in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from content.claims.folding import Folded, fold
from content.claims.lexicon import with_classes
from content.claims.matching import Index, Match, Owner, Scan, scan
from content.claims.patterns import LONGEST_PATTERN, LONGEST_WORD, NUMBER, SHORTEST_STEM, compile_lines
from content.claims.rules import NO_CONTEXT, SEVERITY_ORDER, Context, Finding, Hedged, Rule, Severity, Therapy
from content.claims.sentences import Sentence, split
from content.claims.stance import Reading
from content.claims.tone import ADVERTISING

HERE = Path(__file__).parent

type Claim = tuple[str, Rule, Match]


@cache
def vocabulary() -> Mapping[str, list[str]]:
    """Return the classes of words that patterns may name."""
    classes: dict[str, list[str]] = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))["classes"]
    return classes


@cache
def class_names() -> frozenset[str]:
    """Return the names of the classes."""
    return frozenset({*vocabulary(), NUMBER, ADVERTISING})


@cache
def cues() -> Mapping[str, str]:
    """Return the patterns that show how a sentence stands to a claim, by kind."""
    read: dict[str, Any] = tomllib.loads((HERE / "cues.toml").read_text(encoding="utf-8"))
    return read


class Book:
    """Rules and therapies, compiled."""

    def __init__(self, rules: Iterable[Rule], therapies: Iterable[Therapy] = ()) -> None:
        """Compile.

        Raises:
            PatternError: a rule holds a pattern that cannot be used.
        """
        self.rules = {rule.slug: rule for rule in rules}
        self.therapies = {therapy.slug: therapy for therapy in therapies}
        self._lexicon = with_classes(vocabulary())
        # Most sentences make no claim; what would excuse one is looked for where there is one.
        self._claims, self._around = Index(), Index()
        for rule in self.rules.values():
            self._add(self._claims, Owner("rule", rule.slug), rule.patterns)
            self._add(self._around, Owner("unless", rule.slug), rule.unless)
        for kind, text in cues().items():
            self._add(self._around, Owner("cue", kind), text)
        for therapy in self.therapies.values():
            self._add(self._around, Owner("therapy", therapy.slug), "\n".join(map(_as_pattern, therapy.names)))

    def _add(self, index: Index, owner: Owner, text: str) -> None:
        for pattern in compile_lines(text, class_names()):
            index.add(owner, pattern)
            for item in pattern.items:
                self._lexicon.note(item)

    def check(self, text: str, context: Context = NO_CONTEXT) -> list[Finding]:
        """Return what a text, plain or HTML, claims that may not be claimed, in its order.

        Args:
            text: the source; findings tell places in it.
            context: what it is about.
        """
        folded = fold(text)
        found: list[Finding] = []
        for sentence in split(folded, self._lexicon.knows):
            found += self._check_sentence(sentence, context, text, folded)
        return found

    def _check_sentence(self, sentence: Sentence, context: Context, text: str, folded: Folded) -> Iterator[Finding]:
        scanned = scan(sentence, self._lexicon)
        claims = list(self._claims.find(scanned))
        if not claims:
            return
        matches: dict[str, dict[str, list[Match]]] = {"rule": {}, "cue": {}, "unless": {}, "therapy": {}}
        for match in (*claims, *self._around.find(scanned)):
            matches[match.owner.kind].setdefault(match.owner.name, []).append(match)
        for severity, rule, match in _most_telling(_Judge(self, scanned, matches, context).claims()):
            yield _finding(severity, rule, match, scanned, text, folded)


def _most_telling(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield the most severe claim of each family; how a sentence sounds only where no rule says as severely what is wrong."""
    best: dict[str, Claim] = {}
    for claim in claims:
        known = best.get(claim[1].family)
        if known is None or _order(claim[0]) < _order(known[0]):
            best[claim[1].family] = claim
    exact = [_order(severity) for severity, _, match in best.values() if match.named]
    yield from (claim for claim in best.values() if claim[2].named or all(_order(claim[0]) < each for each in exact))


class _Judge:
    """Decides which matches in a sentence are claims."""

    def __init__(
        self, book: Book, scanned: Scan, matches: Mapping[str, Mapping[str, list[Match]]], context: Context
    ) -> None:
        self._book = book
        self._scanned = scanned
        self._matches = matches
        self._context = context
        self._reading = Reading(scanned, matches["cue"])

    def claims(self) -> Iterator[Claim]:
        """Yield the claims with their severity."""
        for slug, found in self._matches["rule"].items():
            rule = self._book.rules[slug]
            if not self._holds(rule):
                continue
            for match in found:
                severity = self._severity(rule, match)
                if severity:
                    yield severity, rule, match
                    break

    def _holds(self, rule: Rule) -> bool:
        """Return whether a rule is meant for this text at all."""
        context = self._context
        return (
            rule.slug not in self._matches["unless"]
            and (not rule.fields or context.field in rule.fields)
            and (not rule.grades or context.grade in rule.grades)
        )

    def _severity(self, rule: Rule, match: Match) -> str:
        """Return how severe a match is, or "" where it is no claim."""
        if match.end <= self._scanned.sentence.stem or self._is_spared(rule, match):
            return ""
        if self._reading.stances(match) - rule.despite:
            return ""
        if rule.hedged == Hedged.SAME or not self._reading.is_hedged(match):
            return rule.severity
        softer = Severity.WARN if SEVERITY_ORDER[Severity(rule.severity)] == 0 else rule.severity
        return softer if rule.hedged == Hedged.WARN else ""

    def _is_spared(self, rule: Rule, match: Match) -> bool:
        """Return whether the therapy spoken of is one that the rule is not for."""
        slug = self._therapy_near(match)
        if rule.therapies and slug not in rule.therapies:
            return True
        therapy = self._book.therapies.get(slug)
        return therapy is not None and therapy.status in rule.spared

    def _therapy_near(self, match: Match) -> str:
        """Return the therapy that stands nearest to a claim in its sentence, or that of the text."""
        near = [
            (max(cue.start - match.end, match.start - cue.end, 0), slug)
            for slug, found in self._matches["therapy"].items()
            for cue in found
        ]
        return min(near)[1] if near else self._context.therapy


def _as_pattern(name: str) -> str:
    """Return the name of a therapy as a pattern, its last word in any form that begins so."""
    # No more and no longer words than a pattern may have: an odd name must not stop the check of everything.
    words = re.findall(rf"[a-z0-9]{{1,{LONGEST_WORD}}}", fold(name).text)[:LONGEST_PATTERN]
    stem = words[-1].removesuffix("s") if words else ""
    return " ".join([*words[:-1], f"{stem}*" if len(stem) >= SHORTEST_STEM else stem])


def _order(severity: str) -> int:
    return SEVERITY_ORDER[Severity(severity)]


def _finding(severity: str, rule: Rule, match: Match, scanned: Scan, text: str, folded: Folded) -> Finding:
    tokens = scanned.tokens
    own = tokens[max(match.start, scanned.sentence.stem) : match.end]
    start, end = folded.source_of(own[0].start), folded.source_of(own[-1].end - 1) + 1
    first, last = folded.source_of(tokens[scanned.sentence.stem].start), folded.source_of(tokens[-1].end - 1) + 1
    return Finding(rule, str(severity), text[start:end], start, end, text[first:last])
