"""Counts how soon visitors were answered, for public pages: the numbers are never better than what happened.

The time of each answer is measured once, soon after it, in the hours of that day, so that hours changed later make nothing look
quicker. Counted are the requests of the last 90 days whose deadline is over, whether they were answered or not: of those that
came in just now, the quick answers alone would be known. Who had no answer waits longer than anybody.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict

from django.db.models import Q

from consultations.models import Chore, ConsultationRequest
from consultations.models.request import RequestQuerySet
from consultations.requests import promise
from consultations.requests.promise import ONE_DAY, ONE_HOUR
from consultations.statuses import Status
from content.models import AnswerTimes
from content.models.answer_times import FEWEST, WINDOW_DAYS

CHORE = "answer times"
EVERY = dt.timedelta(hours=6)
WINDOW = WINDOW_DAYS * ONE_DAY
# Measured in one go.
MOST = 500
# Stands for "no answer so far", and for whatever is longer: no promise is as long.
NEVER = 30_000
# One whose time was made to stand still counts at once: what was put off must not be left out for as long.
DECIDED = Q(clock_from__isnull=False)
# Nobody waits for an answer who booked a time alone or was erased.
UNASKED = Q(first_contact_at=None) & (Q(status__in=[Status.BOOKED, Status.WON]) | Q(erased_at__isnull=False))


def measure(*, now: dt.datetime) -> int:
    """Write how much business time passed until each new answer; return how many were measured."""
    new = _recent(now).filter(first_contact_at__isnull=False, answer_took=None)
    rows = list(new.order_by("received_at").values_list("pk", "center", "received_at", "first_contact_at")[:MOST])
    if not rows:
        return 0
    promises = promise.of_all((now - WINDOW - ONE_DAY).date())
    for pk, center, came, answered in rows:
        promised = promises[center]
        assert answered is not None  # noqa: S101  asked for above
        # Without hours there is the clock alone.
        took = promised.week.between(came, answered) if promised.periods else answered - came
        ConsultationRequest.objects.filter(pk=pk, first_contact_at=answered).update(answer_took=took)
    return len(rows)


def count(*, now: dt.datetime) -> bool:
    """Count anew for each center and the whole clinic, some times a day; return whether this call's turn it was."""
    if not Chore.objects.take(CHORE, now=now, until=now + EVERY):
        return False
    while measure(now=now):
        pass
    hours: dict[int | None, list[int]] = defaultdict(list)
    decided = _recent(now).filter(DECIDED | Q(respond_by__lte=now)).exclude(UNASKED)
    for center, took in decided.order_by().values_list("center", "answer_took").iterator():
        for place in {center, None}:
            hours[place].append(_rounded(took))
    for place in {*hours, *AnswerTimes.objects.values_list("center", flat=True)}:
        _write(place, sorted(hours[place]), now.date())
    return True


def at_least[Hours: (int, float)](hours: list[Hours], tenths: int) -> Hours:
    """Return within how many hours at least so many tenths were answered (nearest rank); `hours` are sorted."""
    return hours[math.ceil(len(hours) * tenths / 10) - 1]


def _recent(now: dt.datetime) -> RequestQuerySet:
    return ConsultationRequest.objects.filter(received_at__gt=now - WINDOW).exclude(status=Status.SPAM)


def _rounded(took: dt.timedelta | None) -> int:
    return NEVER if took is None else min(max(math.ceil(took / ONE_HOUR), 1), NEVER)


def _write(place: int | None, hours: list[int], today: dt.date) -> None:
    """Keep the numbers of a place; public pages are drawn anew only where what they say may have changed."""
    answers = sum(one < NEVER for one in hours)
    rows = AnswerTimes.objects.filter(center=place)
    row = rows.first() or AnswerTimes(center_id=place, answers=0)
    before = (row.answers < FEWEST, row.median_hours, row.p90_hours)
    if hours:
        row.median_hours, row.p90_hours = at_least(hours, 5), at_least(hours, 9)
    row.answers, row.counted_on = answers, today
    if row.pk and before == (answers < FEWEST, row.median_hours, row.p90_hours):
        rows.update(answers=answers, counted_on=today)
    else:
        row.save()
