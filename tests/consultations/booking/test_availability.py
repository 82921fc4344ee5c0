"""What the rules offer and what they refuse, one rule at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consultations.booking import offering
from consultations.booking.availability import AvailabilityRules, BusyTime, ReasonKind, Visit
from consultations.booking.working_days import Closed, Hours
from consultations.clocks import wall_clock

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.time(12)
# A Monday, early in the morning in New York.
NOW = dt.datetime(2026, 11, 16, 6, tzinfo=NEW_YORK)
EVERY_DAY = [Hours(day, dt.time(9), dt.time(17)) for day in range(7)]
WITH_LUNCH = [
    hours for day in range(5) for hours in (Hours(day, dt.time(9), NOON), Hours(day, dt.time(13), dt.time(17)))
]


def make_plan(**kwargs: Any) -> AvailabilityRules:
    visit = Visit(**{"kind": 1, "minutes": 30, "interval": 30} | kwargs.pop("visit", {}))
    defaults: dict[str, Any] = {"consultant": 1, "zone": NEW_YORK, "visit": visit, "hours": EVERY_DAY}
    return AvailabilityRules(**defaults | kwargs)


def taken(start: dt.datetime, minutes: int = 30, *, before: int = 0, after: int = 0, kind: int = 1) -> BusyTime:
    end = start + dt.timedelta(minutes=minutes)
    return BusyTime(
        busy_from=int(start.timestamp()) - before * 60,
        busy_until=int(end.timestamp()) + after * 60,
        starts_at=int(start.timestamp()),
        kind=kind,
    )


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def times_on(plan: AvailabilityRules, day: int, now: dt.datetime = NOW) -> list[str]:
    found = plan.starts(begin=local(day, 0), end=local(day + 1, 0), now=now)
    return [f"{start.astimezone(plan.zone):%H:%M}" for start in found]


def whys(plan: AvailabilityRules, start: dt.datetime, now: dt.datetime = NOW) -> list[ReasonKind]:
    return [reason.why for reason in plan.explain(start, now=now)]


def test_starts_break_is_left_out() -> None:
    plan = make_plan(hours=WITH_LUNCH, visit={"minutes": 60, "interval": 60})

    assert times_on(plan, 17) == ["09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00"]


def test_starts_weekday_without_hours_has_none() -> None:
    assert times_on(make_plan(hours=WITH_LUNCH), 21) == []


def test_starts_whole_visit_fits() -> None:
    plan = make_plan(visit={"minutes": 45, "interval": 15})

    assert times_on(plan, 17)[-1] == "16:15"
    assert whys(plan, local(17, 16, 30)) == [ReasonKind.DOES_NOT_FIT]


def test_starts_interval_is_not_duration() -> None:
    plan = make_plan(visit={"minutes": 20, "interval": 30})

    assert times_on(plan, 17)[:3] == ["09:00", "09:30", "10:00"]
    assert whys(plan, local(17, 9, 20)) == [ReasonKind.BETWEEN_STARTS]


def test_starts_interval_counts_from_the_period() -> None:
    plan = make_plan(hours=[Hours(1, dt.time(9, 10), dt.time(11))], visit={"minutes": 30, "interval": 45})

    assert times_on(plan, 17) == ["09:10", "09:55"]


def test_starts_valid_dates_of_hours() -> None:
    plan = make_plan(hours=[Hours(1, dt.time(9), dt.time(10), dt.date(2026, 11, 17), dt.date(2026, 11, 17))])

    assert [times_on(plan, day) for day in (10, 17, 24)] == [[], ["09:00", "09:30"], []]


def test_starts_exception_replaces_the_date() -> None:
    plan = make_plan(exceptions={dt.date(2026, 11, 17): [(dt.time(14), dt.time(15))], dt.date(2026, 11, 18): []})

    assert [times_on(plan, day) for day in (17, 18)] == [["14:00", "14:30"], []]
    assert whys(plan, local(17, 9)) == [ReasonKind.OUTSIDE_HOURS]
    assert whys(plan, local(18, 9)) == [ReasonKind.CLOSED]


def test_starts_exception_opens_a_day_off() -> None:
    plan = make_plan(hours=[], exceptions={dt.date(2026, 11, 21): [(dt.time(9), dt.time(10))]})

    assert times_on(plan, 21) == ["09:00", "09:30"]


def test_starts_closure() -> None:
    plan = make_plan(closures=[Closed(dt.date(2026, 11, 26), dt.date(2026, 11, 27), "Thanksgiving")])

    assert [len(times_on(plan, day)) for day in (25, 26, 27, 28)] == [16, 0, 0, 16]
    assert plan.explain(local(26, 9), now=NOW) == [(ReasonKind.CLOSED, "Closed: Thanksgiving.")]


def test_starts_leave() -> None:
    plan = make_plan(leave=[(local(17, 10, 15), local(17, 11))])

    assert times_on(plan, 17)[:4] == ["09:00", "09:30", "11:00", "11:30"]
    assert whys(plan, local(17, 10)) == [ReasonKind.LEAVE]


def test_starts_buffer_of_the_booked_one() -> None:
    plan = make_plan(visit={"minutes": 30, "interval": 15}, taken=[taken(local(17, 10), after=15)])

    assert times_on(plan, 17)[:4] == ["09:00", "09:15", "09:30", "10:45"]


def test_starts_buffers_of_both_add_up() -> None:
    plan = make_plan(visit={"interval": 15, "before": 15}, taken=[taken(local(17, 10), after=15)])

    assert times_on(plan, 17)[:4] == ["09:00", "09:15", "09:30", "11:00"]
    assert whys(plan, local(17, 10, 45)) == [ReasonKind.TAKEN]


def test_starts_buffer_may_reach_out_of_hours() -> None:
    plan = make_plan(visit={"before": 60, "after": 60})

    assert (times_on(plan, 17)[0], times_on(plan, 17)[-1]) == ("09:00", "16:30")


def test_starts_notice_to_the_minute() -> None:
    plan = make_plan(visit={"notice": 24 * 60})
    start = local(17, 9)

    assert whys(plan, start, start - dt.timedelta(hours=23, minutes=59)) == [ReasonKind.TOO_SOON]
    assert whys(plan, start, start - dt.timedelta(hours=24, minutes=1)) == []


def test_starts_past_is_past_and_not_too_soon() -> None:
    assert whys(make_plan(visit={"notice": 60}), local(16, 9), local(16, 9)) == [ReasonKind.PAST]


def test_starts_window_is_whole_local_days() -> None:
    plan = make_plan(visit={"window_days": 1})

    assert [len(times_on(plan, day)) for day in (16, 17, 18)] == [16, 16, 0]
    assert whys(plan, local(18, 9)) == [ReasonKind.TOO_FAR]


def test_starts_daily_cap_of_consultant_counts_local_dates() -> None:
    # Still Monday in New York, already Tuesday in UTC.
    late = taken(local(16, 20))
    plan = make_plan(daily_cap=2, taken=[late, taken(local(17, 9), kind=2), taken(local(18, 9)), taken(local(18, 10))])

    assert [len(times_on(plan, day)) for day in (17, 18)] == [15, 0]
    assert whys(plan, local(18, 12)) == [ReasonKind.DAY_FULL]


def test_starts_daily_cap_of_kind() -> None:
    plan = make_plan(visit={"daily_cap": 1}, taken=[taken(local(17, 9), kind=2), taken(local(18, 9))])

    assert [len(times_on(plan, day)) for day in (17, 18)] == [15, 0]
    assert whys(plan, local(18, 12)) == [ReasonKind.KIND_FULL]


def test_explain_names_everything() -> None:
    plan = make_plan(
        visit={"notice": 24 * 60}, leave=[(local(16, 0), local(17, 0))], daily_cap=1, taken=[taken(local(16, 9))]
    )

    assert whys(plan, local(16, 9, 2)) == [
        ReasonKind.TAKEN,
        ReasonKind.TOO_SOON,
        ReasonKind.OFF_GRID,
        ReasonKind.BETWEEN_STARTS,
        ReasonKind.LEAVE,
        ReasonKind.DAY_FULL,
    ]


def test_offers_union_names_who_is_free() -> None:
    plans = [make_plan(taken=[taken(local(17, 9))]), make_plan(consultant=2)]

    found = list(offering.offers(plans, begin=local(17, 9), end=local(17, 10), now=NOW))

    assert [(offer.starts_at, offer.consultants) for offer in found] == [
        (local(17, 9), (2,)),
        (local(17, 9, 30), (1, 2)),
    ]
    assert found[0].ends_at == local(17, 9, 30)


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        # The clock jumps from 02:00 to 03:00.
        ("America/New_York", dt.date(2027, 3, 14), dt.time(2, 30), None),
        ("America/New_York", dt.date(2027, 3, 14), dt.time(3), "2027-03-14T07:00"),
        # It shows 01:30 twice; the first is still summer time.
        ("America/New_York", dt.date(2026, 11, 1), dt.time(1, 30), "2026-11-01T05:30"),
        # Half an hour only.
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(2, 15), None),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(2, 30), "2026-10-03T15:30"),
        # At midnight: the day begins at one.
        ("America/Santiago", dt.date(2026, 9, 6), dt.time(0, 0), None),
        ("Asia/Kathmandu", dt.date(2026, 9, 6), dt.time(9), "2026-09-06T03:15"),
    ],
)
def test_at(zone: str, day: dt.date, time: dt.time, expected: str | None) -> None:
    found = wall_clock.at(day, time, ZoneInfo(zone))

    assert found == (None if expected is None else dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC))


def test_starts_hours_that_end_in_a_skipped_hour_end_at_the_jump() -> None:
    plan = make_plan(hours=[Hours(6, dt.time(1), dt.time(2, 30))], visit={"minutes": 30, "interval": 15})
    day = dt.datetime(2027, 3, 14, tzinfo=NEW_YORK)

    found = [
        f"{start.astimezone(NEW_YORK):%H:%M}"
        for start in plan.starts(begin=day, end=day + dt.timedelta(days=1), now=NOW)
    ]

    assert found == ["01:00", "01:15", "01:30"]
    assert ReasonKind.OUTSIDE_HOURS in whys(plan, dt.datetime(2027, 3, 14, 3, tzinfo=NEW_YORK))


def test_explain_second_showing_of_a_repeated_hour() -> None:
    plan = make_plan(hours=[Hours(6, dt.time(0), dt.time(4))])
    now = local(20, 0, month=10)
    first = dt.datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)

    assert whys(plan, first, now) == []
    assert whys(plan, first.replace(fold=1), now) == [ReasonKind.REPEATED]


def test_starts_go_on_over_a_boundary_of_touching_hours() -> None:
    touching = [Hours(1, dt.time(9), NOON), Hours(1, NOON, dt.time(17))]
    plan = make_plan(hours=touching, visit={"minutes": 45, "interval": 15})

    assert {"11:15", "11:30", "11:45", "12:00"} <= set(times_on(plan, 17))
    assert whys(plan, local(17, 11, 45)) == []
    assert times_on(plan, 17) == times_on(
        make_plan(hours=[Hours(1, dt.time(9), dt.time(17))], visit={"minutes": 45, "interval": 15}), 17
    )


def test_starts_hours_until_midnight_and_past_it() -> None:
    until_midnight = make_plan(hours=[Hours(1, dt.time(22), dt.time(0))])
    past_midnight = make_plan(hours=[Hours(1, dt.time(22), dt.time(1, 30))])

    assert times_on(until_midnight, 17) == ["22:00", "22:30", "23:00", "23:30"]
    assert [times_on(past_midnight, day) for day in (17, 18)] == [
        ["22:00", "22:30", "23:00", "23:30"],
        ["00:00", "00:30", "01:00"],
    ]
    assert whys(past_midnight, local(18, 1, 15)) == [ReasonKind.DOES_NOT_FIT]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"hours": WITH_LUNCH}, ["09:00-12:00", "13:00-17:00"]),
        ({"leave": [(local(17, 10), local(17, 11))]}, ["09:00-10:00", "11:00-17:00"]),
        ({"leave": [(local(16, 10), local(17, 9)), (local(17, 16), local(19, 9))]}, ["09:00-16:00"]),
        ({"leave": [(local(17, 8), local(17, 18))]}, []),
        ({"closures": [Closed(local(17, 0).date(), local(17, 0).date(), "Holiday")]}, []),
        # Hours of the evening before reach into the date, and those of its own evening leave it.
        ({"hours": [Hours(day, dt.time(22), dt.time(2)) for day in range(7)]}, ["00:00-02:00", "22:00-00:00"]),
    ],
)
def test_hours_between_are_of_the_date_without_leave(rules: dict[str, Any], expected: list[str]) -> None:
    found = make_plan(**rules).hours_between(local(17, 0), local(18, 0))

    assert [f"{one.astimezone(NEW_YORK):%H:%M}-{other.astimezone(NEW_YORK):%H:%M}" for one, other in found] == expected
