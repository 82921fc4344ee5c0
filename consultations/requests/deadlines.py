"""Moves the deadline of an answer: pauses while we wait for the visitor, and counts anew where hours or closures changed.

The deadline is always written down (`respond_by`), so that lists need not count. What it was before stands in the history. Only
what is still to come moves, and never into the past: what was missed stays missed.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.db.models import F

from consultations.clocks import wording
from consultations.clocks.business_hours import NOTHING
from consultations.models import Activity, Chore, ConsultationRequest
from consultations.models.fields import WORDS
from consultations.requests import promise
from consultations.statuses import ActivityKind, NextStep
from content.models import ClinicProfile

CHORE = "deadlines"
# Closures that ended longer ago delay nothing that is still to come.
CLOSURES_SINCE = dt.timedelta(days=120)


def follow_step(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """Let the promised time stand still until the date of the step "Wait for the visitor", or go on after it.

    Call it with the row locked, after its step was set.
    """
    row = ConsultationRequest.objects.to_answer().select_related("center").defer(*WORDS).filter(pk=request.pk).first()
    if row is None or row.next_at is None or row.respond_by <= now:
        return
    begun = row.clock_from or row.received_at
    waits = row.next_step == NextStep.VISITOR and _waiting_pauses()
    if not waits and begun <= now:
        return
    promised = promise.of(row.center, begun)
    left = (promised.length if row.clock_left is None else row.clock_left) - promised.week.between(begun, now)
    if left <= NOTHING:
        return
    start = row.next_at if waits else now
    until = f" until {wording.utc(row.next_at)}" if waits else " no longer"
    _set(row, promised.due(start, left), f"We wait for the visitor{until}.", now, clock_from=start, clock_left=left)


def recount(*, now: dt.datetime) -> int:
    """Count the deadlines to come anew where hours, zones or closures changed since the last time; return how many moved.

    Any number of workers may do it at once: a deadline moves once.
    """
    promises = promise.of_all((now - CLOSURES_SINCE).date())
    rules = [
        (key, one.periods, one.zone.key, [str(each) for each in one.closed.closures]) for key, one in promises.items()
    ]
    mark = hashlib.sha256(repr(rules).encode()).hexdigest()
    if Chore.objects.filter(name=CHORE, mark=mark).exists():
        return 0
    moved = 0
    for row in ConsultationRequest.objects.to_answer().filter(respond_by__gt=now).defer(*WORDS):
        due = promises[row.center_id].due(row.clock_from or row.received_at, row.clock_left)
        if due > now and due != row.respond_by:
            with transaction.atomic():
                moved += _set(row, due, "Hours or closed days were changed.", now)
    Chore.objects.update_or_create(name=CHORE, defaults={"mark": mark, "due_at": now})
    return moved


def _set(row: ConsultationRequest, due: dt.datetime, why: str, now: dt.datetime, **clock: object) -> bool:
    """Write a deadline with what it was before, unless it was moved or answered meanwhile; return whether it was written."""
    same = ConsultationRequest.objects.to_answer().filter(
        pk=row.pk, respond_by=row.respond_by, clock_from=row.clock_from
    )
    if not same.update(respond_by=due, **clock):
        return False
    answers = ConsultationRequest.objects.filter(pk=row.pk, next_step=NextStep.ANSWER)
    answers.update(next_at=F("respond_by"))
    text = f"{wording.utc(due)}; before, {wording.utc(row.respond_by)}. {why}"
    Activity.objects.create(request=row, kind=ActivityKind.DEADLINE, at=now, text=text)
    return True


def _waiting_pauses() -> bool:
    setting = ClinicProfile.objects.values_list("waiting_pauses", flat=True).first()
    return setting is not False
