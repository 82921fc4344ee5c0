"""What holds for any rules and bookings, in zones and weeks in which clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.booking.availability import AvailabilityRules, BusyTime, Closed, Hours, Visit

ZONES = ["America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu"]
# Around these the clocks of some of the zones change.
WEEKS = [dt.date(2026, 10, 30), dt.date(2027, 2, 12), dt.date(2027, 3, 12), dt.date(2027, 4, 2), dt.date(2026, 9, 4)]
GRID = dt.timedelta(minutes=5)
DAYS = 4

grid_times = st.integers(0, 287).map(lambda n: dt.time(*divmod(n * 5, 60)))
lengths = st.integers(1, 30).map(lambda n: n * 5)
buffers = st.integers(0, 9).map(lambda n: n * 5)


@st.composite
def periods(draw: st.DrawFn) -> tuple[dt.time, dt.time]:
    first, second = sorted([draw(grid_times), draw(grid_times)])
    return (first, second) if first < second else (dt.time(0), dt.time(23, 55))


@st.composite
def plans(draw: st.DrawFn) -> tuple[AvailabilityRules, dt.datetime, dt.datetime]:
    """Return a plan, `now`, and the local midnight from which four days are looked at."""
    zone, day = ZoneInfo(draw(st.sampled_from(ZONES))), draw(st.sampled_from(WEEKS))
    begin = dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)
    moments = st.integers(-12, DAYS * 288).map(lambda n: begin + n * GRID)
    visit = Visit(
        kind=1,
        minutes=draw(lengths),
        interval=draw(lengths),
        before=draw(buffers),
        after=draw(buffers),
        notice=draw(st.sampled_from([0, 60, 24 * 60])),
        window_days=draw(st.sampled_from([1, 2, 60])),
        daily_cap=draw(st.sampled_from([None, 1, 2])),
    )
    busy = []
    for start in draw(st.lists(moments, max_size=6)):
        begins = int(start.timestamp())
        busy_from, busy_until = begins - draw(buffers) * 60, begins + draw(lengths) * 60
        busy.append(BusyTime(busy_from, busy_until, begins, draw(st.sampled_from([1, 2]))))
    plan = AvailabilityRules(
        consultant=1,
        zone=zone,
        visit=visit,
        hours=[Hours(draw(st.integers(0, 6)), *period) for period in draw(st.lists(periods(), max_size=10))],
        exceptions={day + dt.timedelta(days=draw(st.integers(0, DAYS))): draw(st.lists(periods(), max_size=2))},
        leave=[(start, start + draw(lengths) * GRID) for start in draw(st.lists(moments, max_size=1))],
        closures=draw(
            st.sampled_from([[], [Closed(day + dt.timedelta(days=2), day + dt.timedelta(days=2), "Holiday")]])
        ),
        daily_cap=draw(st.sampled_from([None, 2])),
        taken=sorted(busy),
    )
    return plan, begin - dt.timedelta(hours=draw(st.integers(-30, 30))), begin


def offered(plan: AvailabilityRules, now: dt.datetime, begin: dt.datetime) -> list[dt.datetime]:
    return list(plan.starts(begin=begin, end=begin + dt.timedelta(days=DAYS), now=now))


@given(plans())
@settings(max_examples=150, deadline=None)
def test_list_is_what_explain_has_nothing_against(case: tuple[AvailabilityRules, dt.datetime, dt.datetime]) -> None:
    plan, now, begin = case
    every_start = [begin + n * GRID for n in range(DAYS * 288)]

    unexplained = [start for start in every_start if not plan.explain(start, now=now)]

    assert unexplained == offered(plan, now, begin)


@given(plans())
@settings(max_examples=300, deadline=None)
def test_offer_with_buffers_never_overlaps_what_is_taken(
    case: tuple[AvailabilityRules, dt.datetime, dt.datetime],
) -> None:
    plan, now, begin = case
    before, after = plan.visit.before * 60, (plan.visit.minutes + plan.visit.after) * 60

    overlaps = [
        (start, one)
        for start in offered(plan, now, begin)
        for one in plan.taken
        if start.timestamp() - before < one.busy_until and one.busy_from < start.timestamp() + after
    ]

    assert overlaps == []


@given(plans())
@settings(max_examples=300, deadline=None)
def test_offer_is_within_hours_by_the_clock_on_the_wall(
    case: tuple[AvailabilityRules, dt.datetime, dt.datetime],
) -> None:
    plan, now, begin = case

    for start in offered(plan, now, begin):
        wall = start.astimezone(plan.zone)
        last = (start + plan.length - dt.timedelta(minutes=1)).astimezone(plan.zone)
        day = plan.exceptions.get(wall.date())
        hours = [(one.starts, one.ends) for one in plan.hours if one.hold_on(wall.date())] if day is None else day
        assert wall.date() == last.date()
        assert any(starts <= wall.time() and last.time() < ends for starts, ends in hours)


@given(plans())
@settings(max_examples=150, deadline=None)
def test_offers_are_in_order_in_the_future_and_on_the_grid(
    case: tuple[AvailabilityRules, dt.datetime, dt.datetime],
) -> None:
    plan, now, begin = case

    found = offered(plan, now, begin)

    assert found == sorted(set(found))
    assert all(start > now and start.timestamp() % 300 == 0 for start in found)
