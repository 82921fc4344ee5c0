"""Weeks that are alike are worked out once, and come to what each of them comes to."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consultations.booking.availability import AvailabilityRules, Visit
from consultations.booking.working_days import Closed, Hours
from consultations.clocks.wall_clock import MINUTE
from consultations.reports.usual_weeks import UsualWeeks

WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
# A Monday; a year from here has clock changes of both hemispheres.
BEGIN = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
WEEKDAYS = [Hours(day, dt.time(9), dt.time(17)) for day in range(5)]
# From Sunday evening into Monday, so that a UTC week ends in the middle of them.
NIGHTS = [Hours(6, dt.time(18), dt.time(2)), Hours(2, dt.time(22), dt.time(6))]
SPRING = dt.date(2026, 4, 15)


def make_plan(zone: str = "America/New_York", **kwargs: Any) -> AvailabilityRules:
    defaults: dict[str, Any] = {"consultant": 1, "zone": ZoneInfo(zone), "visit": Visit(1, 30, 30), "hours": WEEKDAYS}
    return AvailabilityRules(**defaults | kwargs)


def worked_out(plan: AvailabilityRules, begin: dt.datetime, end: dt.datetime) -> int:
    return sum(round((closes - opens) / MINUTE) for opens, closes in plan.hours_between(begin, end))


PLANS = {
    "weekdays": make_plan(),
    "nights": make_plan(hours=NIGHTS),
    "nights far east": make_plan("Pacific/Auckland", hours=NIGHTS),
    "half an hour of summer time": make_plan("Australia/Lord_Howe", hours=WEEKDAYS + NIGHTS),
    "no summer time": make_plan("Asia/Kolkata", hours=WEEKDAYS),
    "a date of its own": make_plan(exceptions={SPRING: [(dt.time(12), dt.time(13))]}),
    "a date without hours before a night": make_plan(hours=NIGHTS, exceptions={dt.date(2026, 5, 4): []}),
    "leave": make_plan(leave=[(BEGIN + 10 * DAY, BEGIN + 24 * DAY)]),
    "closed": make_plan(closures=[Closed(SPRING, SPRING + DAY, "Spring")]),
    "hours that begin to hold": make_plan(hours=[*WEEKDAYS, Hours(6, dt.time(9), dt.time(12), first=SPRING)]),
    "hours that end to hold": make_plan(hours=[*WEEKDAYS, Hours(6, dt.time(9), dt.time(12), last=SPRING)]),
    "no hours": make_plan(hours=[]),
    "dates alone": make_plan(hours=[], exceptions={SPRING: [(dt.time(9), dt.time(10))]}),
}


@pytest.mark.parametrize("name", PLANS)
def test_every_week_of_a_year_comes_to_what_it_comes_to_alone(name: str) -> None:
    usual, plan = UsualWeeks(), PLANS[name]
    weeks = [(BEGIN + number * WEEK, BEGIN + (number + 1) * WEEK) for number in range(53)]

    assert [usual.minutes(plan, *week) for week in weeks] == [worked_out(plan, *week) for week in weeks]


def test_consultants_share_what_was_worked_out_and_no_more() -> None:
    usual = UsualWeeks()
    weeks = [(BEGIN + number * WEEK, BEGIN + (number + 1) * WEEK) for number in range(53)]

    found = [[usual.minutes(plan, *week) for week in weeks] for plan in PLANS.values()]

    assert found == [[worked_out(plan, *week) for week in weeks] for plan in PLANS.values()]


@pytest.mark.parametrize("days", [1, 3, 6])
def test_part_of_a_week_is_not_a_whole_one(days: int) -> None:
    usual, plan = UsualWeeks(), make_plan()

    assert usual.minutes(plan, BEGIN, BEGIN + WEEK) == 5 * 8 * 60
    assert usual.minutes(plan, BEGIN, BEGIN + days * DAY) == min(days, 5) * 8 * 60
    assert usual.minutes(plan, BEGIN + 5 * DAY, BEGIN + 6 * DAY) == 0
