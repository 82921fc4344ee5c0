"""The rows that free times are reckoned from: who works where, hours, exceptions, leave, closures, what is taken. One query each.

They are read as tuples, because there are thousands.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q

from consultations.booking.availability import BusyTime
from consultations.booking.working_days import Closed, Hours
from consultations.models import Appointment, Closure, Consultant, DateException, Leave, WorkingPeriod
from consultations.models.among import among
from consultations.models.epoch import DayNumber, Epoch, MinuteOfDay

TOLD = ("public_name", "time_zone", "daily_cap")
ENDS, VALID = ("starts", "ends"), ("valid_from", "valid_until")
WHOSE, WHEN = itemgetter(0, 1), itemgetter(2, 3, 4, 5, 6)

type Spans = list[tuple[dt.time, dt.time]]


class Member(NamedTuple):
    """A consultant at a place; at None for phone and video."""

    consultant: int
    center: int | None
    public_name: str
    time_zone: str
    daily_cap: int | None


def members_at(places: Collection[int]) -> list[Member]:
    """Return who works at these places."""
    links = Consultant.centers.through.objects.filter(among("center", places), consultant__active=True)
    found = links.order_by("consultant__public_name", "consultant_id")
    return list(
        map(Member._make, found.values_list("consultant_id", "center_id", *(f"consultant__{one}" for one in TOLD)))
    )


def members_by_phone() -> list[Member]:
    """Return who takes calls."""
    with_hours = WorkingPeriod.objects.filter(center=None).values("consultant")
    # A consultant may take calls on single dates only.
    with_dates = DateException.objects.filter(center=None).values("consultant")
    found = Consultant.objects.filter(Q(pk__in=with_hours) | Q(pk__in=with_dates), active=True).order_by("pk")
    return [Member(key, None, name, zone, cap) for key, name, zone, cap in found.values_list("pk", *TOLD)]


def hours(where: Q, first: dt.date, last: dt.date) -> defaultdict[tuple[int, int | None], Sequence[Hours]]:
    """Return the weekly hours that hold between two dates."""
    found: defaultdict[tuple[int, int | None], Sequence[Hours]] = defaultdict(tuple)
    rows = (
        WorkingPeriod.objects.filter(
            where,
            Q(valid_from__isnull=True) | Q(valid_from__lte=last),
            Q(valid_until__isnull=True) | Q(valid_until__gte=first),
        )
        .order_by("consultant_id", "center_id", "weekday", "starts", "id")
        .values_list("consultant_id", "center_id", "weekday", *map(MinuteOfDay, ENDS), *map(DayNumber, VALID))
    )
    # Most consultants have the same hours: they are the same object.
    known: dict[tuple[Any, ...], Sequence[Hours]] = {}
    for whose, theirs in groupby(rows, WHOSE):
        told = tuple(map(WHEN, theirs))
        if told not in known:
            known[told] = tuple(_hours(*one) for one in told)
        found[whose] = known[told]
    return found


def _hours(weekday: int, starts: int, ends: int, first: int | None, last: int | None) -> Hours:
    begins, stops = (dt.time(*divmod(minute, 60)) for minute in (starts, ends))
    valid_from, valid_until = (None if number is None else dt.date.fromordinal(number) for number in (first, last))
    return Hours(weekday, begins, stops, valid_from, valid_until)


def exceptions(where: Q, first: dt.date, last: dt.date) -> defaultdict[tuple[int, int | None], dict[dt.date, Spans]]:
    """Return the hours of single dates between two."""
    found: defaultdict[tuple[int, int | None], dict[dt.date, Spans]] = defaultdict(dict)
    # A closed row comes last and empties the date, whatever periods stand beside it.
    rows = DateException.objects.filter(where, date__range=(first, last)).order_by("closed", "starts")
    for consultant, center, date, closed, starts, ends in rows.values_list(
        "consultant", "center", "date", "closed", "starts", "ends"
    ):
        periods = found[consultant, center].setdefault(date, [])
        if closed:
            periods.clear()
        elif starts is not None and ends is not None:
            periods.append((starts, ends))
    return found


def leaves(
    consultants: Collection[int], begin: dt.datetime, end: dt.datetime
) -> defaultdict[int, list[tuple[dt.datetime, dt.datetime]]]:
    """Return when who is on leave between two instants."""
    found: defaultdict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    rows = Leave.objects.filter(among("consultant", consultants), ends_at__gt=begin, starts_at__lt=end)
    for consultant, starts_at, ends_at in rows.values_list("consultant", "starts_at", "ends_at"):
        found[consultant].append((starts_at, ends_at))
    return found


def closures(places: Collection[int], first: dt.date, last: dt.date) -> defaultdict[int | None, list[Closed]]:
    """Return the closed days between two dates: those of a place, and under None those of the clinic."""
    found: defaultdict[int | None, list[Closed]] = defaultdict(list)
    rows = Closure.objects.filter(Q(center=None) | among("center", places), first_day__lte=last, last_day__gte=first)
    for center, first_day, last_day, name in rows.values_list("center", "first_day", "last_day", "name"):
        found[center].append(Closed(first_day, last_day, name))
    return found


def taken(
    consultants: Collection[int], begin: dt.datetime, end: dt.datetime, now: dt.datetime, ignoring: Collection[int]
) -> defaultdict[int, list[BusyTime]]:
    """Return what keeps whom busy between two instants, in order."""
    found: defaultdict[int, list[BusyTime]] = defaultdict(list)
    rows = Appointment.objects.occupying(now).filter(
        among("consultant", consultants), busy_from__gt=begin, busy_from__lt=end
    )
    for consultant, busy_from, busy_until, starts_at, kind in (
        rows.exclude(pk__in=ignoring)
        .order_by("busy_from")
        .values_list("consultant", Epoch("busy_from"), Epoch("busy_until"), Epoch("starts_at"), "appointment_type")
    ):
        found[consultant].append(BusyTime(busy_from, busy_until, starts_at, kind))
    return found
