"""Erases what is due, for the command and for the worker, and says beforehand what that would be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import batched

from django.db.models import Count, Min, Q

from consultations.booking.refusals import TooLate
from consultations.exceptions import ChangedMeanwhile, OnLegalHold
from consultations.models import ConsultationRequest, RetentionRule
from consultations.models.fields import WORDS
from consultations.privacy import retention, touching
from consultations.privacy.touching import Touched
from consultations.statuses import Status

ASKED, HELD, NEAR = "asked for", "kept: legal hold", "kept until after the appointment"
MOVED = "kept until the next time: changed at that moment"
ERASED = (ASKED, *(str(one.label) for one in Status))
REASONS = (*ERASED, HELD, NEAR, MOVED)
BATCH = 200


@dataclass(frozen=True)
class Planned:
    """What the rule of one status would erase: how many, how many of them are held, and since when the oldest is there."""

    status: Status
    days: int | None
    due: int
    held: int
    oldest: dt.datetime | None


def purge(
    *,
    now: dt.datetime,
    most: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter[str]:
    """Erase each request that is due on its own, so that a stop loses nothing, and return how many for what reason.

    Args:
        now: the moment that ages are counted to.
        most: end after so many were erased; the rest is due still.
        stop: asked before each; True ends it.
        progress: told after each how many were looked at.
    """
    counts: Counter[str] = Counter()
    for done, request in enumerate(retention.due(now).defer(*WORDS).iterator(chunk_size=BATCH), start=1):
        if stop() or (most is not None and sum(counts[reason] for reason in ERASED) >= most):
            break
        counts[_carry_out(request, now)] += 1
        progress(done)
    return counts


def plan(now: dt.datetime) -> list[Planned]:
    """Return what is due of each status, also what visitors asked for; one that is kept and has nothing due, too."""
    days = dict(RetentionRule.objects.values_list("status", "days"))
    found = retention.due(now).order_by().values("status")
    rows = found.annotate(due=Count("pk"), held=Count("pk", filter=Q(legal_hold=True)), oldest=Min("received_at"))
    counted = {status: rest for status, *rest in rows.values_list("status", "due", "held", "oldest")}
    return [Planned(status, days.get(status), *counted.get(status, (0, 0, None))) for status in Status]


def touched(now: dt.datetime) -> list[Touched]:
    """Return every table that erasing what is due and not held would touch, with its rows."""
    rows: dict[str, Touched] = {}
    due = retention.due(now).filter(legal_hold=False).defer(*WORDS).iterator(chunk_size=BATCH)
    for requests in batched(due, BATCH):
        _add(rows, touching.tables(requests))
    return list(rows.values())


def _add(rows: dict[str, Touched], found: Iterable[Touched]) -> None:
    for one in found:
        before = rows.get(one.table)
        rows[one.table] = replace(one, rows=one.rows + before.rows) if before else one


def _carry_out(request: ConsultationRequest, now: dt.datetime) -> str:
    """Erase one and return why, or why not."""
    try:
        retention.erase(request, by=None, now=now)
    except OnLegalHold:
        return HELD
    except TooLate:
        # Somebody may be on their way already; a day later it is over.
        return NEAR
    except ChangedMeanwhile:
        return MOVED
    return ASKED if request.erasure_asked_at is not None else str(Status(request.status).label)
