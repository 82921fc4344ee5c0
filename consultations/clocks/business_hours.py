"""Deadline after so many business hours: weekly hours, breaks, holidays, clock changes. Pure."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable

LONGEST_SEARCH_DAYS = 366

ONE_DAY = dt.timedelta(days=1)


def deadline(
    start: dt.datetime,
    *,
    business_hours: float,
    periods: Iterable[tuple[int, dt.time, dt.time]],
    zone: zoneinfo.ZoneInfo,
    holidays: Collection[dt.date] = (),
) -> dt.datetime:
    """Return the moment (UTC) at which `business_hours` of opening time have passed since `start`.

    Args:
        start: an aware datetime.
        business_hours: how many hours of opening time, more than 0.
        periods: (weekday, opens, closes) in local time, Monday is 0; a closing time at or before the opening time is on the next
            day, which does not count where it is a holiday. What several periods share counts once.
        zone: the zone of those local times; a day with a clock change counts its real minutes.
        holidays: local dates on which nothing is open.

    Raises:
        ValueError: when there are no opening hours within a year.
    """
    left = dt.timedelta(hours=business_hours)
    by_day: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for weekday, opens, closes in sorted(periods):
        by_day.setdefault(weekday, []).append((opens, closes))
    day, counted = start.astimezone(zone).date() - ONE_DAY, start
    for _ in range(LONGEST_SEARCH_DAYS):
        for opens, closes in [] if day in holidays else by_day.get(day.weekday(), []):
            begin, end = max(_instant(day, opens, zone), counted), _end(day, opens, closes, zone, holidays)
            open_for = end - begin
            if open_for <= dt.timedelta(0):
                continue
            if left <= open_for:
                return begin + left
            left -= open_for
            counted = end
        day += ONE_DAY
    raise ValueError("there are no opening hours within a year")


def _end(
    day: dt.date, opens: dt.time, closes: dt.time, zone: zoneinfo.ZoneInfo, holidays: Collection[dt.date]
) -> dt.datetime:
    """Return when hours of `day` end; those past midnight end at midnight before a holiday."""
    if closes > opens:
        return _instant(day, closes, zone)
    next_day = day + ONE_DAY
    return _instant(next_day, dt.time() if next_day in holidays else closes, zone)


def _instant(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
