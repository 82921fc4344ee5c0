"""Reads rows with the claim check: what is found in which field of which row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Model

from content.claims.checking import Book
from content.claims.rules import Context, Finding, Severity
from content.models import ClaimOverride, ProposedChange, Revision, Therapy
from content.proofreading import book, texts
from content.publishing import changes

type Passed = set[tuple[str, str]]


@dataclass(frozen=True)
class Found:
    """A finding, where it stands in words for staff, and the row and field to mend it in."""

    where: str
    row: Model
    field: str
    finding: Finding

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way."""
        return self.finding.severity == Severity.BLOCK


def read(passages: Iterable[texts.Passage], rules: Book) -> Iterator[Found]:
    """Yield what is found in passages."""
    for passage in passages:
        for finding in _checked(rules, passage.text, passage.context):
            yield Found(passage.where, passage.row, passage.field_of(finding), finding)


# A text is read at submitting, at approving and when all that is public is checked, mostly by the same book.
@lru_cache(maxsize=1000)
def _checked(rules: Book, text: str, context: Context) -> tuple[Finding, ...]:
    return tuple(rules.check(text, context))


def of_row(row: Model) -> list[Found]:
    """Return what is found in a row as it stands, saved or not; a therapy is judged by the status that it carries."""
    rules = book.current(instead=row if isinstance(row, Therapy) else None)
    return list(read(texts.of(row), rules))


def unpassed(text: Revision | ProposedChange) -> list[Found]:
    """Return what is found in a revision or a proposed change, without what a reviewer let pass in it."""
    if isinstance(text, Revision):
        return _without(passed(text.overrides.all()), of_row(text))
    known = passed(text.overrides.all())
    row = changes.candidate(text)
    if row is not None and row.pk is not None:
        known |= passed(ClaimOverride.objects.of_row(row))
    return _without(known, of_row(row)) if row is not None else []


def public(now: dt.datetime, rules: Book | None = None) -> Iterator[Found]:
    """Yield what is found in what readers see at `now`, without what reviewers let pass there."""
    rules = rules or book.current()
    for found in read(texts.public(now), rules):
        if (found.finding.rule.slug, found.finding.sentence) not in _passed_in(found.row):
            yield found


def passed(overrides: Iterable[ClaimOverride]) -> Passed:
    """Return what was let pass: rules and sentences."""
    return {(each.rule, each.sentence) for each in overrides}


def _passed_in(row: Model) -> Passed:
    if isinstance(row, Revision):
        return passed(row.overrides.all())
    revision: Revision | None = getattr(row, "revision", None)
    return passed(revision.overrides.all() if revision is not None else ClaimOverride.objects.of_row(row))


def _without(known: Passed, found: Iterable[Found]) -> list[Found]:
    return [each for each in found if (each.finding.rule.slug, each.finding.sentence) not in known]
