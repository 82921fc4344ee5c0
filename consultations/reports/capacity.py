"""How much of what consultants offer was booked: minutes of appointments beside minutes of hours, by center and by week.

Hours are those of the schedule as it stands now, leave and closed days taken away. Booked is what was agreed and not given up. Of
centers that are not the reader's nothing is counted, and phone and video only for who sees every place: their consultants
work for all of them. Weeks are UTC's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Q

from consultations.booking import schedule
from consultations.models import AppointmentType
from consultations.reports.asked import Asked
from consultations.reports.numbers import BY_PHONE, Table
from consultations.reports.settled import Settled
from consultations.reports.usual_weeks import UsualWeeks
from consultations.reports.visits import BOOKED, Place
from consultations.sheets import Row
from consultations.statuses import Channel
from content.models import Center

WEEK = dt.timedelta(weeks=1)
HEAD = ("booked minutes", "offered minutes", "share %")
NOTE = "By the hours as they are set now, without leave and closed days. Whatever therapy and status was asked for."


def tables(days: Settled, asked: Asked, centers: dict[int, str]) -> list[Table]:
    """Return the use of capacity by center, and by week of all of them together; `centers` are the reader's, by name."""
    if asked.center is not None:
        centers = {key: name for key, name in centers.items() if key == asked.center.pk}
    names: dict[Place, str] = dict(centers.items())
    if asked.center is None and days.sees_everything:
        names[None] = BY_PHONE
    booked, (offered_at, offered_in) = days.visits(asked), _offered(asked, names, days.now)
    by_center = [
        _row(name, booked.places[place][BOOKED], offered_at[place])
        for place, name in sorted(names.items(), key=lambda one: str(one[0]))
    ]
    by_week = [_row(str(monday), booked.weeks[monday], offered_in[monday]) for monday, _, _ in _weeks(asked)]
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


def _offered(asked: Asked, names: dict[Place, str], now: dt.datetime) -> tuple[Counter[Place], Counter[dt.date]]:
    """Return the minutes that consultants offer, by place, and by week of all of them together."""
    by_place, by_week = Counter[Place](), Counter[dt.date]()
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
                minutes = sum(usual.minutes(plan, begin, end) for plan in plans)
                by_place[place] += minutes
                by_week[monday] += minutes
    return by_place, by_week


def _row(name: str, booked: int, offered: int) -> Row:
    return name, booked, offered, round(100 * booked / offered) if offered else ""
