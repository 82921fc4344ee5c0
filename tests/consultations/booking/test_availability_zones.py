"""Every clock change of the next 800 days, in zones that differ in how they change, against a count of each five minutes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from consultations.booking.availability import AvailabilityRules, Visit
from consultations.booking.working_days import Hours

ZONES = [
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "America/Phoenix",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Santiago",
]
FIRST = dt.date(2026, 11, 17)
DAYS = 800
NOW = dt.datetime(2026, 11, 15, tzinfo=dt.UTC)
GRID = dt.timedelta(minutes=5)


def starts_by_day(plan: AvailabilityRules, zone: ZoneInfo) -> dict[dt.date, list[dt.datetime]]:
    """Return what the plan offers, by local date."""
    begin = dt.datetime.combine(FIRST, dt.time(), tzinfo=zone)
    found: dict[dt.date, list[dt.datetime]] = {FIRST + dt.timedelta(days=n): [] for n in range(DAYS)}
    for start in plan.starts(begin=begin, end=begin + dt.timedelta(days=DAYS - 1), now=NOW):
        found[start.astimezone(zone).date()].append(start)
    return found


def plan_of(zone: ZoneInfo, starts: dt.time, ends: dt.time, minutes: int = 30) -> AvailabilityRules:
    visit = Visit(kind=1, minutes=minutes, interval=30, window_days=900)
    return AvailabilityRules(consultant=1, zone=zone, visit=visit, hours=[Hours(day, starts, ends) for day in range(7)])


@pytest.mark.parametrize("name", ZONES)
def test_first_start_is_nine_by_the_clock_on_the_wall(name: str) -> None:
    zone = ZoneInfo(name)

    found = starts_by_day(plan_of(zone, dt.time(9), dt.time(12)), zone)

    walls = {tuple(f"{start.astimezone(zone):%H:%M}" for start in starts) for starts in list(found.values())[:-2]}
    assert walls == {("09:00", "09:30", "10:00", "10:30", "11:00", "11:30")}


@pytest.mark.parametrize("name", ZONES)
def test_night_hours_offer_what_the_clock_shows_and_each_time_once(name: str) -> None:
    zone = ZoneInfo(name)

    found = starts_by_day(plan_of(zone, dt.time(0), dt.time(4), minutes=5), zone)

    # Counted the other way round: every instant, and what the wall shows at it.
    shown: dict[dt.date, list[dt.datetime]] = {}
    instant = dt.datetime.combine(FIRST, dt.time(), tzinfo=zone).astimezone(dt.UTC)
    for _ in range(DAYS * 24 * 12):
        wall = instant.astimezone(zone)
        if wall.hour < 4 and wall.minute % 30 == 0 and not wall.fold:
            shown.setdefault(wall.date(), []).append(instant)
        instant += GRID
    for day in list(found)[:-2]:
        assert found[day] == shown[day]


@pytest.mark.parametrize("name", ZONES)
def test_visit_over_a_clock_change_takes_real_time(name: str) -> None:
    zone = ZoneInfo(name)

    found = starts_by_day(plan_of(zone, dt.time(0), dt.time(5), minutes=120), zone)

    for day in list(found)[:-2]:
        closing = dt.datetime.combine(day, dt.time(5), tzinfo=zone).astimezone(dt.UTC)
        latest = closing - dt.timedelta(hours=2)
        assert all(start <= latest for start in found[day])
        # Nothing that fits is left out: the next start would be too late, or is a second showing.
        following = found[day][-1] + dt.timedelta(minutes=30)
        assert following > latest or following.astimezone(zone).fold
