"""Which starts a consultant's hours suggest on a local date, before anything that is booked. Pure.

A wall time that the clock skips is no start; one that it shows twice is one start, the first time. Hours belong to the
date on which they begin, may go on past midnight, and are one where they touch; a date on which nothing is offered cuts
off what reaches into it.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from consultations.clocks.wall_clock import MINUTE, at, edge
from content.hours import DAY_MINUTES, minutes

DAY = dt.timedelta(days=1)
UTC = zoneinfo.ZoneInfo("UTC")
EPOCH = dt.date(1970, 1, 1).toordinal()
DAY_SECONDS = DAY_MINUTES * 60
# Rules of working days that are kept beside each other; those of a clinic are far fewer.
MOST_KNOWN = 5000


class Hours(NamedTuple):
    """Weekly working hours in local time; Monday is 0. An end at or before the start is on the next day."""

    weekday: int
    starts: dt.time
    ends: dt.time
    first: dt.date | None = None
    last: dt.date | None = None

    def hold_on(self, day: dt.date) -> bool:
        """Return whether these are hours of that date."""
        return (
            self.weekday == day.weekday()
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


class Closed(NamedTuple):
    """Whole local dates on which nothing is offered."""

    first: dt.date
    last: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the rules suggest for one local date, before anything that is booked: instants (UTC)."""

    closed: str = ""
    spans: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    starts: tuple[dt.datetime, ...] = ()


class Period(NamedTuple):
    """Hours that begin on one local date: minutes on the clock since its midnight, and the instants (UTC)."""

    first: int
    last: int
    opens: dt.datetime
    closes: dt.datetime


@dataclass(frozen=True)
class WorkingDays:
    """The hours of one consultant at one place, for visits of a length with a start every `interval` minutes.

    `exceptions` replace the weekly hours of a date; an empty one closes it. `shared` has the days of others who were read with it.
    """

    zone: zoneinfo.ZoneInfo
    length: dt.timedelta
    interval: int
    hours: Sequence[Hours]
    exceptions: Mapping[dt.date, Sequence[tuple[dt.time, dt.time]]]
    closures: Sequence[Closed]
    shared: Shared | None = field(default=None, repr=False, compare=False)

    def day(self, day: dt.date) -> Day:
        """Return what the rules suggest for a local date."""
        if day not in self._days:
            self._days[day] = self._make_day(day)
        return self._days[day]

    def starts(self, day: dt.date) -> Sequence[int]:
        """Return the starts of a local date as seconds since 1970, in order.

        Where the clock is the same from the day before until two days after, they are those of a clock that never changes,
        moved by the offset: so all zones share one reckoning of equal hours.
        """
        if day not in self._starts:
            offset = _steady_offset(self.zone, day)
            if self.shared is None or offset is None:
                self._starts[day] = tuple(int(start.timestamp()) for start in self.day(day).starts)
            else:
                midnight = (day.toordinal() - EPOCH) * DAY_SECONDS - offset
                self._starts[day] = tuple(midnight + second for second in self._on_steady_clock.seconds(day))
        return self._starts[day]

    def seconds(self, day: dt.date) -> Sequence[int]:
        """Return the starts of a date as seconds since its midnight, where this is the clock that never changes."""
        if day not in self._starts:
            midnight = (day.toordinal() - EPOCH) * DAY_SECONDS
            self._starts[day] = tuple(int(start.timestamp()) - midnight for start in self.day(day).starts)
        return self._starts[day]

    def spans(self, first: dt.date, last: dt.date) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
        """Return the hours that begin on these local dates, without a break where they touch."""
        days = (first + number * DAY for number in range((last - first).days + 1))
        return _joined(period for day in days for period in self._begun(day)[1])

    def _make_day(self, day: dt.date) -> Day:
        closed, periods = self._begun(day)
        if closed:
            return Day(closed=closed)
        before, spans = self._begun(day - DAY)[1], self.spans(day - DAY, day + DAY)
        midnight, next_midnight = (edge(date, dt.time(), self.zone) for date in (day, day + DAY))
        starts = {
            start
            for date, begun in ((day - DAY, before), (day, periods))
            for period in begun
            if period.closes > midnight
            for start in self._starts_of(date, period, _end_of(spans, period))
            if midnight <= start < next_midnight
        }
        return Day(spans=spans, starts=tuple(sorted(starts)))

    def _begun(self, day: dt.date) -> tuple[str, list[Period]]:
        """Return why nothing is offered on a date, or "" and the hours that begin on it."""
        if day not in self._periods:
            closed = self._closed(day)
            self._periods[day] = (closed, [] if closed else [self._period(day, *ends) for ends in self._hours(day)])
        return self._periods[day]

    def _closed(self, day: dt.date) -> str:
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return f"Closed: {closure.name}."
        return (
            "The consultant does not work on this date." if day in self.exceptions and not self.exceptions[day] else ""
        )

    def _hours(self, day: dt.date) -> Sequence[tuple[dt.time, dt.time]]:
        if day in self.exceptions:
            return self.exceptions[day]
        return [(hours.starts, hours.ends) for hours in self.hours if hours.hold_on(day)]

    def _period(self, day: dt.date, starts: dt.time, ends: dt.time) -> Period:
        first, last = minutes(starts, ends)
        if last > DAY_MINUTES and self._closed(day + DAY):
            last = DAY_MINUTES
        days, left = divmod(last, DAY_MINUTES)
        closes = edge(day + days * DAY, dt.time(*divmod(left, 60)), self.zone)
        return Period(first, last, edge(day, starts, self.zone), closes)

    def _starts_of(self, day: dt.date, period: Period, end: dt.datetime) -> Iterator[dt.datetime]:
        """Yield the starts that the hours of a date suggest, as far as a visit is over at `end`."""
        clock_runs_on = period.closes - period.opens == (period.last - period.first) * MINUTE
        for number in range(period.first, period.last, self.interval):
            if clock_runs_on:
                start: dt.datetime | None = period.opens + (number - period.first) * MINUTE
            else:
                days, left = divmod(number, DAY_MINUTES)
                start = at(day + days * DAY, dt.time(*divmod(left, 60)), self.zone)
            if start is not None and start <= end - self.length:
                yield start

    @cached_property
    def _on_steady_clock(self) -> WorkingDays:
        return (self.shared or Shared()).days_of(
            None, self.length, self.interval, self.hours, self.exceptions, self.closures
        )

    @cached_property
    def _starts(self) -> dict[dt.date, tuple[int, ...]]:
        return {}

    @cached_property
    def _days(self) -> dict[dt.date, Day]:
        return {}

    @cached_property
    def _periods(self) -> dict[dt.date, tuple[str, list[Period]]]:
        return {}


class Shared:
    """The working days of several consultants: equal rules are reckoned once."""

    def __init__(self) -> None:
        """Know none."""
        self._known: dict[object, WorkingDays] = {}

    def days_of(
        self,
        zone: zoneinfo.ZoneInfo | None,
        length: dt.timedelta,
        interval: int,
        hours: Sequence[Hours],
        exceptions: Mapping[dt.date, Sequence[tuple[dt.time, dt.time]]],
        closures: Sequence[Closed],
    ) -> WorkingDays:
        """Return the working days of these rules; without a zone, on a clock that never changes."""
        other = tuple((day, tuple(periods)) for day, periods in exceptions.items())
        key = (zone and zone.key, length, interval, tuple(hours), other, tuple(closures))
        if (found := self._known.get(key)) is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = WorkingDays(zone or UTC, length, interval, hours, exceptions, closures, self)
            self._known[key] = found
        return found


@lru_cache(maxsize=2)
def shared_on(day: dt.date) -> Shared:
    """Return the working days that this process keeps on a date (UTC), for whoever looks a few weeks ahead.

    They follow from rules alone, so no change makes them wrong: other rules are other working days. On the next date they are
    dropped, so that days gone by and rules of before take no room.
    """
    return Shared()


@lru_cache(maxsize=4096)
def _steady_offset(zone: zoneinfo.ZoneInfo, day: dt.date) -> int | None:
    """Return by how many seconds a clock is ahead of UTC, or None where it changes around a date.

    Hours that begin the day after may end on the day after that. No clock changes and changes back within one day.
    """
    midnights = (dt.datetime.combine(day + number * DAY, dt.time(), zone) for number in range(-1, 4))
    offsets = {midnight.utcoffset() for midnight in midnights}
    offset = offsets.pop()
    return None if offsets or offset is None else int(offset.total_seconds())


def _joined(periods: Iterable[Period]) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """Return from when until when there are hours without a break."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    for opens, closes in sorted((period.opens, period.closes) for period in periods):
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
        else:
            spans.append((opens, closes))
    return tuple(spans)


def _end_of(spans: Iterable[tuple[dt.datetime, dt.datetime]], period: Period) -> dt.datetime:
    return next(closes for opens, closes in spans if opens <= period.opens <= closes)
