"""Minutes of consultants' hours in weeks, worked out once for all weeks and consultants alike.

In most weeks somebody's hours are as in the week before. A week is worked out on its own where a date, a leave or a closed day is
its own, where hours begin or end to hold, and where the clock changes: in it, or so near that hours past midnight could reach in.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo

from consultations.booking.availability import AvailabilityRules
from consultations.clocks.wall_clock import MINUTE

# Local days begin up to 14 hours before UTC's, and hours may go on until the next day.
NEAR = dt.timedelta(days=2)

type Pattern = tuple[object, ...]


class UsualWeeks:
    """What was worked out so far."""

    def __init__(self) -> None:
        self._minutes: dict[Pattern, int] = {}
        self._offsets: dict[tuple[zoneinfo.ZoneInfo, dt.datetime, dt.datetime], dt.timedelta | None] = {}

    def minutes(self, plan: AvailabilityRules, begin: dt.datetime, end: dt.datetime) -> int:
        """Return for how many minutes the consultant works from one instant (UTC) to another."""
        if not plan.hours and not plan.exceptions:
            return 0
        pattern = self._pattern(plan, begin, end)
        if pattern is None:
            return _worked_out(plan, begin, end)
        if pattern not in self._minutes:
            self._minutes[pattern] = _worked_out(plan, begin, end)
        return self._minutes[pattern]

    def _pattern(self, plan: AvailabilityRules, begin: dt.datetime, end: dt.datetime) -> Pattern | None:
        """Return what the minutes follow from, or None where the week has something of its own."""
        offset = self._offset(plan.zone, begin, end)
        if offset is None or _has_its_own(plan, begin - NEAR, end + NEAR):
            return None
        first, last = (begin - NEAR).date(), (end + NEAR).date()
        hours = tuple(
            (one.weekday, one.starts, one.ends)
            for one in plan.hours
            if (one.first is None or one.first <= first) and (one.last is None or one.last >= last)
        )
        return (hours, offset, begin.weekday(), begin.time(), end - begin)

    def _offset(self, zone: zoneinfo.ZoneInfo, begin: dt.datetime, end: dt.datetime) -> dt.timedelta | None:
        """Return how far the clock is from UTC, or None where it changes; no clock changes twice in so few days."""
        key = (zone, begin, end)
        if key not in self._offsets:
            offsets = {at.astimezone(zone).utcoffset() for at in (begin - NEAR, end + NEAR)}
            self._offsets[key] = offsets.pop() if len(offsets) == 1 else None
        return self._offsets[key]


def _has_its_own(plan: AvailabilityRules, begin: dt.datetime, end: dt.datetime) -> bool:
    first, last = begin.date(), end.date()
    return (
        any(first <= date <= last for date in plan.exceptions)
        or any(closed.first <= last and first <= closed.last for closed in plan.closures)
        or any(away_from < end and begin < away_until for away_from, away_until in plan.leave)
        or any(
            date is not None and first - NEAR <= date <= last + NEAR
            for hours in plan.hours
            for date in (hours.first, hours.last)
        )
    )


def _worked_out(plan: AvailabilityRules, begin: dt.datetime, end: dt.datetime) -> int:
    return sum(round((closes - opens) / MINUTE) for opens, closes in plan.hours_between(begin, end))
