"""Reads and writes weekly hours such as `Mo-Fr 09:00-13:00 14:00-18:00; Sa 09:00-12:00`. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
PERIOD = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")


class Period(NamedTuple):
    """An opening period of one weekday (Monday is 0), in local time."""

    weekday: int
    opens: dt.time
    closes: dt.time


def parse(text: str) -> list[Period]:
    """Return the periods that `text` describes, in order.

    Raises:
        ValueError: with a sentence, when a day or a time cannot be read, or periods of a day overlap.
    """
    periods = [period for part in text.split(";") if part.strip() for period in _parse_part(part.strip())]
    periods.sort()
    for earlier, later in pairwise(periods):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise ValueError(f"periods overlap on {DAYS[later.weekday]} in {text!r}")
    return periods


def format_periods(periods: Iterable[tuple[int, dt.time, dt.time]]) -> list[tuple[str, str]]:
    """Return (days, times) lines for people, such as ("Mo–Fr", "09:00–17:00"); equal neighbouring days share a line."""
    by_day: dict[int, list[str]] = {}
    for weekday, opens, closes in sorted(periods):
        by_day.setdefault(weekday, []).append(f"{opens:%H:%M}–{closes:%H:%M}")
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
    opens, closes = (dt.time.fromisoformat(end) for end in span.split("-"))
    if closes <= opens:
        raise ValueError(f"{span!r} closes before it opens")
    return opens, closes


def _parse_days(text: str) -> list[int]:
    days: list[int] = []
    for item in text.split(","):
        first, _, last = item.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{item!r} is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days += range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]
    return days
