"""Instants in words: on whose clock, and how far that clock is from UTC. Pure.

Nobody should have to guess which zone a time is in, so a time in words never stands without its place and offset.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache

# Names such as Etc/GMT+5, EST5EDT or US/Eastern are for machines, or old spellings of these.
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# Not the locale's: these stand in mails and calendars too, which are built outside of any request.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `Tue 3 Mar 2027`."""
    local = instant.astimezone(zone)
    return f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]} {local.year}"


def whole_day(date: dt.date) -> str:
    """Return `Tuesday 3 March 2027`."""
    return f"{DAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]} {date.year}"


def clock(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `09:30`."""
    return f"{instant.astimezone(zone):%H:%M}"


def short(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `Tue 3 Mar 2027, 09:30`; the place and the offset must stand beside it."""
    return f"{day(instant, zone)}, {clock(instant, zone)}"


def full(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `Tue 3 Mar 2027, 09:30 (New York, UTC−05:00)`."""
    return f"{short(instant, zone)} ({place(zone)}, {offset(instant, zone)})"


def place(zone: zoneinfo.ZoneInfo) -> str:
    """Return the place whose clock it is: `New York`, or `UTC`."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def offset(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return how far the clock is from UTC at that instant: `UTC−05:00`."""
    away = instant.astimezone(zone).utcoffset() or dt.timedelta()
    hours, minutes = divmod(abs(away) // dt.timedelta(minutes=1), 60)
    return f"UTC{'−' if away < dt.timedelta() else '+'}{hours:02d}:{minutes:02d}"


def same_clock(instant: dt.datetime, one: zoneinfo.ZoneInfo, other: zoneinfo.ZoneInfo) -> bool:
    """Return whether two zones show the same time at an instant."""
    return instant.astimezone(one).replace(tzinfo=None) == instant.astimezone(other).replace(tzinfo=None)


def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone a visitor or their browser named, or None for a name that is none of ours."""
    return zoneinfo.ZoneInfo(name) if name in _names() else None


@cache
def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones to choose from, grouped by area, with `Argentina: Buenos Aires` for a name of three parts."""
    groups: list[tuple[str, list[tuple[str, str]]]] = [("UTC", [("UTC", "UTC")])]
    for area in AREAS:
        named = [(name, name.partition("/")[2].replace("_", " ").replace("/", ": ")) for name in sorted(_names())]
        groups.append((area, [(name, label) for name, label in named if name.startswith(f"{area}/")]))
    return groups


@cache
def _names() -> frozenset[str]:
    found = zoneinfo.available_timezones()
    return frozenset(name for name in found if name.partition("/")[0] in AREAS and "/" in name) | {"UTC"}
