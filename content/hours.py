"""Reads and writes weekly hours such as `Mo-Fr 09:00-13:00 14:00-18:00; Sa 09:00-12:00`. Pure.

A period belongs to the day on which it begins. One that ends at or before the time at which it begins ends on the next
day, and midnight at the end of a day is 24:00, kept as 00:00.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
PERIOD = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
MIDNIGHT = dt.time(0)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
# Longer ones are taken for two times in the wrong order.
LONGEST_PAST_MIDNIGHT = 12 * 60


class Period(NamedTuple):
    """An opening period of one weekday (Monday is 0), in local time."""

    weekday: int
    opens: dt.time
    closes: dt.time


def minutes(opens: dt.time, closes: dt.time) -> tuple[int, int]:
    """Return when a period begins and ends, in minutes on the clock since midnight of the day on which it begins."""
    first, last = (time.hour * 60 + time.minute for time in (opens, closes))
    return first, last if closes > opens else last + DAY_MINUTES


def is_in_order(opens: dt.time, closes: dt.time) -> bool:
    """Return whether a period can end so: later that day, at midnight, or past midnight after at most twelve hours."""
    begin, end = minutes(opens, closes)
    return closes > opens or closes == MIDNIGHT or end - begin <= LONGEST_PAST_MIDNIGHT


def read_end(text: str) -> dt.time:
    """Return the time at which a period ends; `24:00` is midnight.

    Raises:
        ValueError: when it is no time of day.
    """
    return MIDNIGHT if re.fullmatch(r"24:00(:00)?", text.strip()) else dt.time.fromisoformat(text)


def format_end(closes: dt.time) -> str:
    """Return the time at which a period ends as people read it: midnight as `24:00`."""
    return "24:00" if closes == MIDNIGHT else f"{closes:%H:%M}"


def format_span(opens: dt.time, closes: dt.time) -> str:
    """Return `09:00–17:00`, `22:00–24:00` or `22:00–01:30`."""
    return f"{opens:%H:%M}–{format_end(closes)}"


def parse(text: str) -> list[Period]:
    """Return the periods that `text` describes, in order.

    Raises:
        ValueError: with a sentence, when a day or a time cannot be read, or periods of a day overlap.
    """
    periods = [period for part in text.split(";") if part.strip() for period in _parse_part(part.strip())]
    periods.sort()
    spans = [(period, *_in_week(period)) for period in periods]
    if spans:
        # What begins on Monday is compared with what goes on from Sunday, too.
        first, begin, end = spans[0]
        spans.append((first, begin + WEEK_MINUTES, end + WEEK_MINUTES))
    for (_, _, earlier_end), (later, later_begin, _) in pairwise(spans):
        if later_begin < earlier_end:
            raise ValueError(f"periods overlap on {DAYS[later.weekday]} in {text!r}")
    return periods


def format_periods(periods: Iterable[tuple[int, dt.time, dt.time]]) -> list[tuple[str, str]]:
    """Return (days, times) lines for people, such as ("Mo–Fr", "09:00–17:00"); equal neighbouring days share a line."""
    joined: list[tuple[int, dt.time, dt.time]] = []
    for weekday, opens, closes in sorted(periods):
        if joined and joined[-1][::2] == (weekday, opens) and opens != MIDNIGHT:
            joined[-1] = (weekday, joined[-1][1], closes)
        else:
            joined.append((weekday, opens, closes))
    by_day: dict[int, list[str]] = {}
    for weekday, opens, closes in joined:
        by_day.setdefault(weekday, []).append(format_span(opens, closes))
    lines: list[tuple[list[int], str]] = []
    for weekday, spans in by_day.items():
        times = ", ".join(spans)
        if lines and lines[-1][1] == times and lines[-1][0][-1] == weekday - 1:
            lines[-1][0].append(weekday)
        else:
            lines.append(([weekday], times))
    return [(_day_range(days), times) for days, times in lines]


def _day_range(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}–{DAYS[days[-1]]}"


def _parse_part(part: str) -> list[Period]:
    days, _, times = part.partition(" ")
    spans = times.split()
    if not spans or not all(PERIOD.fullmatch(span) for span in spans):
        raise ValueError(f"cannot read the times in {part!r}; write them like 09:00-17:00")
    return [Period(day, *_parse_span(span)) for day in _parse_days(days) for span in spans]


def _parse_span(span: str) -> tuple[dt.time, dt.time]:
    begin, _, end = span.partition("-")
    opens, closes = dt.time.fromisoformat(begin), read_end(end)
    if not is_in_order(opens, closes):
        raise ValueError(f"{span!r} closes before it opens")
    return opens, closes


def _in_week(period: Period) -> tuple[int, int]:
    begin, end = minutes(period.opens, period.closes)
    return period.weekday * DAY_MINUTES + begin, period.weekday * DAY_MINUTES + end


def _parse_days(text: str) -> list[int]:
    days: list[int] = []
    for item in text.split(","):
        first, _, last = item.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{item!r} is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days += range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]
    return days
