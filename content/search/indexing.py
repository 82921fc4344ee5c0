"""Keeps the entries right: whatever is written of a page, in the same transaction its entry follows.

Revisions get theirs when they are approved, as they do not change from then on; whether readers see one at a moment is asked
of the revision itself (`SearchEntry.objects.public`). Everything else is indexed when it is saved.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import combinations
from typing import Any

from django.apps import AppConfig
from django.db import DatabaseError, transaction
from django.db.models import Model, Prefetch, Q
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils import timezone

from content.choices import EventKind
from content.models import (
    Center,
    Country,
    Criterion,
    Finding,
    Policy,
    Question,
    Revision,
    RevisionEvent,
    SearchEntry,
    Term,
    Therapy,
)
from content.models.search import LINKS
from content.search import entries

logger = logging.getLogger(__name__)

WRITTEN_AT_ONCE = 500
# Inside `gathered`: one item for each change that waits.
_waiting: ContextVar[list[None] | None] = ContextVar("content_search_waiting", default=None)


@transaction.atomic
def rebuild(*, now: dt.datetime) -> int:
    """Write every entry anew and return how many there are; of revisions, those that readers see now or later."""
    SearchEntry.objects.all().delete()
    found = _all(now)
    SearchEntry.objects.bulk_create(found, WRITTEN_AT_ONCE)
    return len(found)


def outdated(*, now: dt.datetime) -> int:
    """Return how many things have no entry that says what readers see of them."""

    def said(entry: SearchEntry) -> tuple[object, ...]:
        return (entry.kind, *(getattr(entry, f"{name}_id") for name in LINKS), entry.title, entry.text, entry.words)

    return (Counter(map(said, _all(now))) - Counter(map(said, SearchEntry.objects.all()))).total()


def _all(now: dt.datetime) -> list[SearchEntry]:
    ends_later = Q(withdrawn_at=None) | Q(withdrawn_at__gte=now)
    revisions = Revision.objects.filter(ends_later, go_live_at__isnull=False).prefetch_related("sections")
    therapies = list(_therapies())
    return [
        *map(entries.of_therapy, therapies),
        *(entries.of_comparison(one, other) for one, other in combinations(therapies, 2)),
        *map(entries.of_revision, revisions),
        *map(entries.of_question, Question.objects.all()),
        *map(entries.of_center, Center.objects.select_related("country")),
        *map(entries.of_policy, Policy.objects.all()),
        *map(entries.of_term, Term.objects.all()),
    ]


@contextmanager
def gathered() -> Iterator[None]:
    """Turn the changes of a block into one rebuilding at its end; for a command that writes many rows in a transaction."""
    waiting: list[None] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        rebuild(now=timezone.now())


def listen(app: AppConfig) -> None:
    """Let entries follow what is saved and deleted; after a migration all are written anew, as by newer code."""
    for model, follow in FOLLOW.items():
        for signal in (post_save, post_delete) if model in PARTS else (post_save,):
            signal.connect(_changed(follow), sender=model, weak=False, dispatch_uid=f"content_search_{model.__name__}")
    post_migrate.connect(_migrated, sender=app, dispatch_uid="content_search")


def _changed(follow: Any) -> Any:
    def receive(sender: type[Model], instance: Any, **kwargs: Any) -> None:
        if kwargs.get("raw"):
            return
        waiting = _waiting.get()
        if waiting is None:
            follow(instance)
        else:
            waiting.append(None)

    return receive


def _migrated(sender: AppConfig, **kwargs: Any) -> None:
    """Rebuild, unless the database was left at an earlier state of the app."""
    try:
        with transaction.atomic():
            rebuild(now=timezone.now())
    except DatabaseError as error:
        logger.warning("Search was not rebuilt; run rebuild_search: %s", type(error).__name__)


def _approved(event: RevisionEvent) -> None:
    if event.what not in {EventKind.APPROVED, EventKind.CORRECTED}:
        return
    revision = event.revision
    over = SearchEntry.objects.filter(revision__article=revision.article_id, revision__withdrawn_at__lt=event.at)
    over.delete()
    _write([entries.of_revision(revision)], SearchEntry.objects.filter(revision=revision))


def _therapy(therapy: Therapy) -> None:
    """Write the entry of a therapy, and those of its comparisons with all others."""
    _write(
        map(entries.of_therapy, _therapies([therapy.pk])), SearchEntry.objects.filter(therapy=therapy, compared=None)
    )
    others = list(Therapy.objects.all())
    pairs = [pair for pair in combinations(others, 2) if therapy.pk in {one.pk for one in pair}]
    mine = Q(therapy=therapy) | Q(compared=therapy)
    _write([entries.of_comparison(*pair) for pair in pairs], SearchEntry.objects.filter(mine, compared__isnull=False))


def _finding(finding: Finding) -> None:
    _refresh([finding.therapy_id])


def _criterion(criterion: Criterion) -> None:
    _refresh(criterion.findings.values_list("therapy", flat=True))


def _question(question: Question) -> None:
    _write([entries.of_question(question)], SearchEntry.objects.filter(question=question))


def _center(center: Center) -> None:
    _write([entries.of_center(center)], SearchEntry.objects.filter(center=center))


def _country(country: Country) -> None:
    centers = Center.objects.filter(country=country).select_related("country")
    _write(map(entries.of_center, centers), SearchEntry.objects.filter(center__country=country))


def _policy(policy: Policy) -> None:
    _write([entries.of_policy(policy)], SearchEntry.objects.filter(policy=policy))


def _term(term: Term) -> None:
    _write([entries.of_term(term)], SearchEntry.objects.filter(term=term))


def _therapies(pks: Iterable[int] | None = None) -> Any:
    """Return all therapies, or some, with their findings."""
    found = Therapy.objects.all() if pks is None else Therapy.objects.filter(pk__in=list(pks))
    return found.prefetch_related(Prefetch("findings", Finding.objects.select_related("criterion")))


def _refresh(pks: Iterable[int]) -> None:
    """Bring the entries of therapies up to date whose findings changed.

    None is written anew: where findings go because their therapy does, its entry must not come back.
    """
    for therapy in _therapies(pks):
        new = entries.of_therapy(therapy)
        SearchEntry.objects.filter(therapy=therapy, compared=None).update(text=new.text, words=new.words)


@transaction.atomic
def _write(found: Iterable[SearchEntry], before: Any) -> None:
    """Put entries in the place of those before."""
    before.delete()
    SearchEntry.objects.bulk_create(found)


FOLLOW: dict[type[Model], Any] = {
    RevisionEvent: _approved,
    Therapy: _therapy,
    Finding: _finding,
    Criterion: _criterion,
    Question: _question,
    Center: _center,
    Country: _country,
    Policy: _policy,
    Term: _term,
}
# What is a part of an entry; the entry of anything else goes with it.
PARTS = {Finding}
