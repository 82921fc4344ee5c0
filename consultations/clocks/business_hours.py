"""Business time: a deadline after so many hours of it, and how much lies between two moments. Pure.

Weekly hours in local time, breaks, holidays, hours past midnight and clock changes: docs/clock.md has examples of each.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from consultations.clocks import wall_clock

LONGEST_SEARCH_DAYS = 366

ONE_DAY = dt.timedelta(days=1)
NOTHING = dt.timedelta(0)


@dataclass(frozen=True)
class Week:
    """When something is open.

    Attributes:
        periods: (weekday, opens, closes) in local time, Monday is 0; a closing time at or before the opening time is on the next
            day, which does not count where it is a holiday. What several periods share counts once.
        zone: the zone of those local times; a day with a clock change counts its real minutes.
        holidays: local dates on which nothing is open.
    """

    periods: Iterable[tuple[int, dt.time, dt.time]]
    zone: zoneinfo.ZoneInfo
    holidays: Container[dt.date] = ()

    def deadline(self, start: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the moment (UTC) at which `length` of opening time, more than none, has passed since `start` (aware).

        Raises:
            ValueError: when so much is not open within a year.
        """
        for begin, end in self._open(start):
            if length <= end - begin:
                return begin + length
            length -= end - begin
        raise ValueError("there are no opening hours within a year")

    def before(self, end: dt.datetime, length: dt.timedelta, *, since: dt.datetime) -> dt.datetime | None:
        """Return the last moment (UTC) from which `length` of opening time, more than none, passes until `end`; None before `since`."""
        spans = [(opens, min(closes, end)) for opens, closes in takewhile(lambda one: one[0] < end, self._open(since))]
        for begin, finish in reversed(spans):
            if length <= finish - begin:
                return finish - length
            length -= finish - begin
        return None

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return how much opening time lies between two aware moments, at most a year apart."""
        total = NOTHING
        for opens, closes in self._open(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def opens_on(self, day: dt.date) -> dt.datetime | None:
        """Return when the working day begins (UTC), or None where none begins on that local date."""
        times = (
            [] if day in self.holidays else [opens for weekday, opens, _ in self.periods if weekday == day.weekday()]
        )
        return wall_clock.edge(day, min(times), self.zone) if times else None

    def _open(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield opening times (UTC) from `start` on, in order and apart, for about a year."""
        by_day: dict[int, list[tuple[dt.time, dt.time]]] = {}
        for weekday, opens, closes in sorted(self.periods):
            by_day.setdefault(weekday, []).append((opens, closes))
        day, counted = start.astimezone(self.zone).date() - ONE_DAY, start.astimezone(dt.UTC)
        for _ in range(LONGEST_SEARCH_DAYS):
            for opens, closes in [] if day in self.holidays else by_day.get(day.weekday(), []):
                begin, end = max(wall_clock.edge(day, opens, self.zone), counted), self._end(day, opens, closes)
                if end > begin:
                    yield begin, end
                    counted = end
            day += ONE_DAY

    def _end(self, day: dt.date, opens: dt.time, closes: dt.time) -> dt.datetime:
        """Return when hours of `day` end; those past midnight end at midnight before a holiday."""
        if closes > opens:
            return wall_clock.edge(day, closes, self.zone)
        next_day = day + ONE_DAY
        return wall_clock.edge(next_day, dt.time() if next_day in self.holidays else closes, self.zone)
