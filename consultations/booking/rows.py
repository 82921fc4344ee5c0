"""The rows that free times are reckoned from: who works where, hours, exceptions, leave, closures, what is taken. One query each.

They are read as tuples, because there are thousands.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from consultations.booking import prepared
from consultations.booking.availability import BusyTime
from consultations.booking.working_days import Closed, Hours
from consultations.models import Appointment, Closure, Consultant, DateException, Leave, WorkingPeriod
from consultations.models.among import among
from consultations.models.epoch import Epoch

TOLD = ("public_name", "time_zone", "daily_cap")
ENDS = "starts", "ends"
# No number, time or date holds these.
LINE, COLUMN = "\n", "|"
TOLD_OF_HOURS = [
    part
    for name in ("weekday", *ENDS, "valid_from", "valid_until")
    for part in (Value(COLUMN), Coalesce(Cast(name, CharField()), Value("")))
][1:]

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
    return list(map(Member._make, prepared.rows(_members_at, (tuple(places),))))


def _members_at(places: Collection[int]) -> QuerySet[Any, Any]:
    links = Consultant.centers.through.objects.filter(among("center", places), consultant__active=True)
    found = links.order_by("consultant__public_name", "consultant_id")
    return found.values_list("consultant_id", "center_id", *(f"consultant__{one}" for one in TOLD))


def members_by_phone() -> list[Member]:
    """Return who takes calls."""
    with_hours = WorkingPeriod.objects.filter(center=None).values("consultant")
    # A consultant may take calls on single dates only.
    with_dates = DateException.objects.filter(center=None).values("consultant")
    found = Consultant.objects.filter(Q(pk__in=with_hours) | Q(pk__in=with_dates), active=True).order_by("pk")
    return [Member(key, None, name, zone, cap) for key, name, zone, cap in found.values_list("pk", *TOLD)]


def _at_work(consultants: Collection[int], places: Collection[int] | None) -> Q:
    """Return the condition that something is of these consultants at these places; None is phone and video."""
    return among("consultant", consultants) & (Q(center=None) if places is None else among("center", places))


def hours(
    consultants: Collection[int], places: Collection[int] | None, first: dt.date, last: dt.date
) -> defaultdict[tuple[int, int | None], Sequence[Hours]]:
    """Return the weekly hours that hold between two dates at some places; None is phone and video.

    The database puts those of a consultant at a place into one text, because there are thousands and most are alike.
    """
    found: defaultdict[tuple[int, int | None], Sequence[Hours]] = defaultdict(tuple)
    keys = tuple(consultants), None if places is None else tuple(places)
    for consultant, center, told in prepared.rows(_told_hours, keys, first, last):
        found[consultant, center] = _hours(told)
    return found


def _told_hours(
    consultants: Collection[int], places: Collection[int] | None, first: dt.date, last: dt.date
) -> QuerySet[Any, Any]:
    return (
        WorkingPeriod.objects.filter(
            _at_work(consultants, places),
            Q(valid_from__isnull=True) | Q(valid_from__lte=last),
            Q(valid_until__isnull=True) | Q(valid_until__gte=first),
        )
        .order_by()
        .values_list("consultant_id", "center_id")
        .annotate(told=StringAgg(Concat(*TOLD_OF_HOURS, output_field=TextField()), delimiter=Value(LINE)))
    )


@lru_cache(maxsize=4096)
def _hours(told: str) -> tuple[Hours, ...]:
    """Return the hours of such a text, in order; equal texts have the same object."""
    # An order within the text costs the database more, and old versions of SQLite know none.
    return tuple(_one(*line.split(COLUMN)) for line in sorted(told.split(LINE)))


def _one(weekday: str, starts: str, ends: str, first: str, last: str) -> Hours:
    begins, stops = map(dt.time.fromisoformat, (starts, ends))
    valid_from, valid_until = (dt.date.fromisoformat(day) if day else None for day in (first, last))
    return Hours(int(weekday), begins, stops, valid_from, valid_until)


def exceptions(
    consultants: Collection[int], places: Collection[int] | None, first: dt.date, last: dt.date
) -> defaultdict[tuple[int, int | None], dict[dt.date, Spans]]:
    """Return the hours of single dates between two, at some places; None is phone and video."""
    found: defaultdict[tuple[int, int | None], dict[dt.date, Spans]] = defaultdict(dict)
    keys = tuple(consultants), None if places is None else tuple(places)
    for consultant, center, date, closed, starts, ends in prepared.rows(_exceptions, keys, first, last):
        periods = found[consultant, center].setdefault(dt.date.fromisoformat(date), [])
        if closed:
            periods.clear()
        elif starts is not None and ends is not None:
            periods.append((dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)))
    return found


def _exceptions(
    consultants: Collection[int], places: Collection[int] | None, first: dt.date, last: dt.date
) -> QuerySet[Any, Any]:
    found = DateException.objects.filter(_at_work(consultants, places), date__range=(first, last))
    # A closed row comes last and empties the date, whatever periods stand beside it.
    told = [Cast(name, CharField()) for name in ENDS]
    return found.order_by("closed", "starts").values_list(
        "consultant", "center", Cast("date", CharField()), "closed", *told
    )


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
    for center, first_day, last_day, name in prepared.rows(_closures, (tuple(places),), first, last):
        found[center].append(Closed(dt.date.fromisoformat(first_day), dt.date.fromisoformat(last_day), name))
    return found


def _closures(places: Collection[int], first: dt.date, last: dt.date) -> QuerySet[Any, Any]:
    found = Closure.objects.filter(Q(center=None) | among("center", places), first_day__lte=last, last_day__gte=first)
    days = [Cast(name, CharField()) for name in ("first_day", "last_day")]
    return found.values_list("center", *days, "name")


def taken(
    consultants: Collection[int], begin: dt.datetime, end: dt.datetime, now: dt.datetime, ignoring: Collection[int]
) -> defaultdict[int, list[BusyTime]]:
    """Return what keeps whom busy between two instants, in order."""
    found: defaultdict[int, list[BusyTime]] = defaultdict(list)
    for consultant, *busy in prepared.rows(_taken, (tuple(consultants), tuple(ignoring)), begin, end, now):
        found[consultant].append(BusyTime(*busy))
    return found


def _taken(
    consultants: Collection[int], ignoring: Collection[int], begin: dt.datetime, end: dt.datetime, now: dt.datetime
) -> QuerySet[Any, Any]:
    rows = Appointment.objects.occupying(now).filter(
        among("consultant", consultants), busy_from__gt=begin, busy_from__lt=end
    )
    return (
        rows.exclude(pk__in=ignoring)
        .order_by("busy_from")
        .values_list("consultant", Epoch("busy_from"), Epoch("busy_until"), Epoch("starts_at"), "appointment_type")
    )
