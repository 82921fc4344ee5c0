"""Free times as a page lists them: by day, each named in full, on the clock that leads and on the visitor's own."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from consultations.booking import schedule
from consultations.booking.availability import Slot
from consultations.clocks import wording
from consultations.clocks.wall_clock import edge
from consultations.models import AppointmentType
from content.models import Center

# As many days as fit on a phone before somebody gives up, looked for in as many weeks.
DAYS_ON_PAGE = 5
LOOK_AHEAD = dt.timedelta(days=28)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Time:
    """A start to choose: `value` is what the form sends; `other` is the visitor's own clock where it differs."""

    value: str
    day: str
    clock: str
    offset: str
    place: str
    other: str

    @property
    def name(self) -> str:
        """The time with everything that tells which instant it is."""
        too = f", {self.other}" if self.other else ""
        return f"{self.day}, {self.clock} ({self.place}, {self.offset}{too})"


@dataclass(frozen=True)
class DayOfTimes:
    """One date on the clock that leads."""

    date: dt.date
    times: list[Time]

    @property
    def heading(self) -> str:
        """The date in full."""
        return wording.whole_day(self.date)

    @property
    def anchor(self) -> str:
        """An id for the heading."""
        return f"day-{self.date.isoformat()}"


@dataclass(frozen=True)
class Timetable:
    """Some days with free times, and from when on the next ones are; None where no more are offered."""

    days: list[DayOfTimes]
    later: dt.date | None


def build(
    appointment_type: AppointmentType,
    center: Center | None,
    *,
    zone: zoneinfo.ZoneInfo,
    own_zone: zoneinfo.ZoneInfo | None,
    first: dt.date | None,
    now: dt.datetime,
    ignoring: Collection[int] = (),
) -> Timetable:
    """Return the free times of the next days that have any.

    Args:
        appointment_type: what is to be booked.
        center: where; None for phone and video.
        zone: the clock that leads; days are its days.
        own_zone: the visitor's, shown beside it where it differs.
        first: the first day to show; None for today.
        now: the present.
        ignoring: ids of appointments that the visitor would give up.
    """
    begin = max(now, edge(first, dt.time(), zone)) if first else now
    end = begin + LOOK_AHEAD
    read = schedule.read(
        appointment_type, centers=[center] if center else [], begin=begin, end=end, now=now, ignoring=ignoring
    )
    days: list[DayOfTimes] = []
    offers = read.offers(center)
    for date, group in groupby(offers, key=lambda offer: offer.starts_at.astimezone(zone).date()):
        if len(days) == DAYS_ON_PAGE:
            return Timetable(days, later=date)
        days.append(DayOfTimes(date, times(group, zone, own_zone)))
    window = (now + appointment_type.window_days * DAY).astimezone(zone).date()
    beyond = end.astimezone(zone).date()
    # The window's last day may have been cut in two: it is shown again rather than lost.
    return Timetable(days, later=beyond if beyond <= window else None)


def times(offers: Iterable[Slot], zone: zoneinfo.ZoneInfo, own_zone: zoneinfo.ZoneInfo | None) -> list[Time]:
    """Return starts in words."""
    return [time_of(offer.starts_at, zone, own_zone) for offer in offers]


def time_of(start: dt.datetime, zone: zoneinfo.ZoneInfo, own_zone: zoneinfo.ZoneInfo | None) -> Time:
    """Return a start in words."""
    other = ""
    if own_zone is not None and not wording.same_clock(start, zone, own_zone):
        day = wording.day(start, own_zone)
        # Another date is what people miss.
        date = "" if day == wording.day(start, zone) else f"{day}, "
        other = f"{date}{wording.clock(start, own_zone)} {wording.place(own_zone)}, {wording.offset(start, own_zone)}"
    return Time(
        value=value_of(start),
        day=wording.day(start, zone),
        clock=wording.clock(start, zone),
        offset=wording.offset(start, zone),
        place=wording.place(zone),
        other=other,
    )


def value_of(start: dt.datetime) -> str:
    """Return an instant as the form sends it: `2027-03-03T14:30Z`."""
    return f"{start.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}"
