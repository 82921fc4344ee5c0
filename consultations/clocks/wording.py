"""Instants in words with place and UTC offset, and the list of time zones a visitor can choose. Pure.

Nobody should have to guess which zone a time is in, so a time in words never stands without its place and offset.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache
from importlib import resources

# Names such as Etc/GMT+5, EST5EDT or US/Eastern are for machines, or old spellings of these.
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
UTC = zoneinfo.ZoneInfo("UTC")
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
    """Return `Tue 3 Mar 2027, 09:30 (New York, UTC−05:00)`, or `Tue 3 Mar 2027, 14:30 UTC`."""
    if zone.key == "UTC":
        return utc(instant)
    return f"{short(instant, zone)} ({place(zone)}, {offset(instant, zone)})"


def utc(instant: dt.datetime) -> str:
    """Return `Tue 3 Mar 2027, 14:30 UTC`, for lists and histories of staff."""
    return f"{short(instant, UTC)} UTC"


def place(zone: zoneinfo.ZoneInfo) -> str:
    """Return the place whose clock it is: `New York`, or `UTC`."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def clock_name(zone: zoneinfo.ZoneInfo) -> str:
    """Return whose clock it is, to stand in brackets: `New York time`, or `UTC`."""
    return place(zone) if zone.key == "UTC" else f"{place(zone)} time"


def offset(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return how far the clock is from UTC at that instant: `UTC−05:00`."""
    away = instant.astimezone(zone).utcoffset() or dt.timedelta()
    hours, minutes = divmod(abs(away) // dt.timedelta(minutes=1), 60)
    return f"UTC{'−' if away < dt.timedelta() else '+'}{hours:02d}:{minutes:02d}"


def same_clock(instant: dt.datetime, one: zoneinfo.ZoneInfo, other: zoneinfo.ZoneInfo) -> bool:
    """Return whether two zones show the same time at an instant."""
    return instant.astimezone(one).replace(tzinfo=None) == instant.astimezone(other).replace(tzinfo=None)


def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone a visitor or their browser named, by its present name; None for a name that is none of ours."""
    present = _other_names().get(name, name)
    return zoneinfo.ZoneInfo(present) if present in _names() else None


@cache
def choices() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the zones to choose from, grouped by area: name, label, and the other names that a browser may know it by.

    The label is `Argentina: Buenos Aires` for a name of three parts.
    """
    also: dict[str, list[str]] = {}
    for other, name in _other_names().items():
        also.setdefault(name, []).append(other)
    groups: list[tuple[str, list[tuple[str, str, str]]]] = [("UTC", [("UTC", "UTC", "")])]
    for area in AREAS:
        named = [(name, name.partition("/")[2].replace("_", " ").replace("/", ": ")) for name in sorted(_names())]
        in_area = [(name, label) for name, label in named if name.startswith(f"{area}/")]
        groups.append((area, [(name, label, " ".join(also.get(name, []))) for name, label in in_area]))
    return groups


@cache
def _names() -> frozenset[str]:
    """Return one name for each place: what zone.tab leaves out is another name, such as Australia/LHI."""
    lines = (line.split("\t") for line in _database("zone.tab") if not line.startswith("#"))
    return frozenset(name for _, _, name, *_ in lines if name.partition("/")[0] in AREAS) | {"UTC"}


@cache
def _other_names() -> dict[str, str]:
    """Return the present name by each other one; browsers still say Asia/Calcutta."""
    links = (line.split() for line in _database("tzdata.zi") if line.startswith("L "))
    return {other: name for _, name, other in links if other not in _names()}


def _database(file: str) -> list[str]:
    return resources.files("tzdata").joinpath("zoneinfo", file).read_text("utf-8").splitlines()
