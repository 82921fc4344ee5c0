"""Counts of visits by the day (UTC) on which they begin: who came, who did not, and the minutes of what was agreed and not given up.

Days that are over are read as they were written down (settled.py), others from the appointments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncWeek

from consultations.clocks.wall_clock import MINUTE
from consultations.models import Appointment, DayCount
from consultations.models.appointment import AppointmentQuerySet
from consultations.models.place import Reach
from consultations.reports import spans
from consultations.reports.asked import Asked
from consultations.statuses import STANDING, AppointmentStatus

ATTENDED, NO_SHOWS, BOOKED, *PHONED = spans.VISITS
OUTCOMES = {AppointmentStatus.ATTENDED.value: ATTENDED, AppointmentStatus.NO_SHOW.value: NO_SHOWS}
BY_PHONE = dict(zip(OUTCOMES, PHONED, strict=True))
LENGTH = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())

# A center's id; None is phone and video.
type Place = int | None


@dataclass
class Visits:
    """What visits come to.

    Attributes:
        places: by place, the numbers named in `spans.VISITS`.
        weeks: booked minutes of all places together, by Monday.
    """

    places: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    weeks: Counter[dt.date] = field(default_factory=Counter)


def of_days(asked: Asked, places: Q, written: Sequence[spans.Part], *, everything: bool) -> Visits:
    """Return the visits of the days asked for, whatever they are narrowed to.

    Args:
        asked: the days.
        places: which of them, as a condition on `center`.
        written: the spans of them that are written down.
        everything: whether `places` leaves none out, so that one row tells of all of them.
    """
    found = _counted(Appointment.objects.filter(places, spans.others(written, asked, "starts_at")))
    rows = DayCount.objects.filter(places, spans.any_of(written), everywhere=False).order_by()
    for place, *numbers in rows.values_list("center").annotate(Sum(ATTENDED), Sum(NO_SHOWS), Sum(BOOKED)):
        found.places[place].update(dict(zip((ATTENDED, NO_SHOWS, BOOKED), numbers, strict=True)))
    days = DayCount.objects.filter(Q() if everything else places, spans.days_of(written), everywhere=everything)
    for monday, minutes in days.order_by().values_list(TruncWeek("day")).annotate(Sum(BOOKED)):
        found.weeks[monday] += minutes
    return found


def by_phone(asked: Asked, reach: Reach, written: Sequence[spans.Part]) -> Counter[str]:
    """Return who came and who did not, by phone and video, of the requests that name a place of the reader's."""
    live = Appointment.objects.filter(reach.naming("request__center"), spans.others(written, asked, "starts_at"))
    rows = DayCount.objects.filter(reach.naming("center"), spans.any_of(written), everywhere=False).order_by()
    sums = rows.aggregate(*map(Sum, BY_PHONE.values()))
    found = Counter({OUTCOMES[status]: sums[f"{column}__sum"] or 0 for status, column in BY_PHONE.items()})
    for _, status, number in _calls(live):
        found[OUTCOMES[status]] += number
    return found


def of_day(day: dt.date) -> dict[Place, Counter[str]]:
    """Return the numbers of one day, by place."""
    asked = Asked(day, day)
    begun = Appointment.objects.filter(starts_at__gte=asked.begin, starts_at__lt=asked.end)
    found = _counted(begun).places
    for named, status, number in _calls(begun):
        found[named][BY_PHONE[status]] += number
    return found


def _calls(appointments: AppointmentQuerySet) -> Iterable[tuple[Place, str, int]]:
    """Return how many visits by phone and video ended how, by the center that the request names."""
    calls = appointments.filter(center=None, status__in=OUTCOMES).order_by()
    return calls.values_list("request__center", "status").annotate(Count("pk"))


def _counted(appointments: AppointmentQuerySet) -> Visits:
    found = Visits()
    rows = appointments.filter(status__in=STANDING).order_by()
    by_week = rows.values_list("center", "status", TruncWeek("starts_at", tzinfo=dt.UTC))
    for place, status, week, number, length in by_week.annotate(number=Count("pk"), length=Sum(LENGTH)):
        minutes = round(length / MINUTE)
        found.places[place][BOOKED] += minutes
        found.weeks[week.date()] += minutes
        if status in OUTCOMES:
            found.places[place][OUTCOMES[status]] += number
    return found
