"""How much of what consultants offer was booked: minutes of appointments beside minutes of hours, by center and by week.

Hours are those of the schedule as it stands now, leave and closed days taken away. Booked is what was agreed and not given up. Of
centers that are not the reader's nothing is counted, and phone and video only for who sees every place: their consultants
work for all of them. Weeks are UTC's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncWeek

from consultations.booking import schedule
from consultations.clocks.wall_clock import MINUTE
from consultations.models import Appointment, AppointmentType
from consultations.models.place import Viewer, sees_everything
from consultations.reports.asked import Asked
from consultations.reports.numbers import BY_PHONE, Table
from consultations.reports.usual_weeks import UsualWeeks
from consultations.sheets import Row
from consultations.statuses import STANDING, Channel
from content.models import Center

WEEK = dt.timedelta(weeks=1)
HEAD = ("booked minutes", "offered minutes", "share %")
NOTE = "By the hours as they are set now, without leave and closed days. Whatever therapy and status was asked for."

type Place = int | None
type Minutes = Counter[tuple[Place, dt.date]]


def tables(user: Viewer, asked: Asked, centers: dict[int, str], now: dt.datetime) -> list[Table]:
    """Return the use of capacity by center, and by week of all of them together; `centers` are the reader's, by name."""
    if asked.center is not None:
        centers = {key: name for key, name in centers.items() if key == asked.center.pk}
    names: dict[Place, str] = dict(centers.items())
    if asked.center is None and sees_everything(user):
        names[None] = BY_PHONE
    booked, offered = _booked(asked, names), _offered(asked, names, now)
    booked_at, offered_at = _by_place(booked), _by_place(offered)
    by_center = [_row(names[place], booked_at[place], offered_at[place]) for place in sorted(names, key=str)]
    by_week = [
        _row(str(monday), sum(booked[place, monday] for place in names), sum(offered[place, monday] for place in names))
        for monday, _, _ in _weeks(asked)
    ]
    return [
        Table(
            "capacity-centers",
            "Use of capacity by center",
            ("center", *HEAD),
            sorted((row for row in by_center if any(row[1:3])), key=lambda row: str(row[0])),
            NOTE,
            drawn="share %",
        ),
        Table("capacity-weeks", "Use of capacity by week", ("week of", *HEAD), by_week, NOTE, drawn="share %"),
    ]


def _weeks(asked: Asked) -> Iterator[tuple[dt.date, dt.datetime, dt.datetime]]:
    """Yield each Monday with the part of its week that is among the days."""
    monday = asked.begin - dt.timedelta(days=asked.first.weekday())
    while monday < asked.end:
        yield monday.date(), max(monday, asked.begin), min(monday + WEEK, asked.end)
        monday += WEEK


def _booked(asked: Asked, names: dict[Place, str]) -> Minutes:
    where = Q(center__in=[place for place in names if place is not None])
    where |= Q(center=None) if None in names else Q(pk__in=[])
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    standing = Appointment.objects.filter(
        where, status__in=STANDING, starts_at__gte=asked.begin, starts_at__lt=asked.end
    )
    rows = standing.order_by().annotate(week=TruncWeek("starts_at", tzinfo=dt.UTC)).values_list("center", "week")
    return Counter(
        {(center, week.date()): round(total / MINUTE) for center, week, total in rows.annotate(booked=Sum(length))}
    )


def _offered(asked: Asked, names: dict[Place, str], now: dt.datetime) -> Minutes:
    found: Minutes = Counter()
    usual, weeks = UsualWeeks(), list(_weeks(asked))
    centers = list(Center.objects.filter(pk__in=[place for place in names if place is not None]))
    for in_person in (True, False):
        where = ~Q(channel=Channel.IN_PERSON) if not in_person else Q(channel=Channel.IN_PERSON)
        kind = AppointmentType.objects.filter(where, active=True).order_by("pk").first()
        if kind is None or not (in_person or None in names):
            continue
        read = schedule.read(kind, centers=centers, begin=asked.begin, end=asked.end, now=now, with_bookings=False)
        for place, plans in read.plans.items():
            for monday, begin, end in weeks:
                found[place, monday] += sum(usual.minutes(plan, begin, end) for plan in plans)
    return found


def _by_place(minutes: Minutes) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for (place, _), number in minutes.items():
        found[place] += number
    return found


def _row(name: str, booked: int, offered: int) -> Row:
    return name, booked, offered, round(100 * booked / offered) if offered else ""
