"""What holds for any rules and bookings, in zones and weeks in which clocks change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.booking.availability import AvailabilityRules, BusyTime, Visit
from consultations.booking.working_days import Closed, Hours
from content.hours import is_in_order, minutes

ZONES = ["America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu"]
# Around these the clocks of some of the zones change.
WEEKS = [dt.date(2026, 10, 30), dt.date(2027, 2, 12), dt.date(2027, 3, 12), dt.date(2027, 4, 2), dt.date(2026, 9, 4)]
ONE_DAY = dt.timedelta(days=1)
GRID = dt.timedelta(minutes=5)
DAYS = 4

grid_times = st.integers(0, 287).map(lambda n: dt.time(*divmod(n * 5, 60)))
lengths = st.integers(1, 30).map(lambda n: n * 5)
buffers = st.integers(0, 9).map(lambda n: n * 5)


@st.composite
def periods(draw: st.DrawFn) -> tuple[dt.time, dt.time]:
    starts, ends = draw(grid_times), draw(grid_times)
    return (starts, ends) if is_in_order(starts, ends) else (min(starts, ends), max(starts, ends))


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

    closed = {day for day, periods in plan.exceptions.items() if not periods}
    closed |= {one.first for one in plan.closures}
    for start in offered(plan, now, begin):
        wall = start.astimezone(plan.zone).replace(tzinfo=None)
        last = (start + plan.length - dt.timedelta(minutes=1)).astimezone(plan.zone).replace(tzinfo=None)
        assert not {wall.date(), last.date()} & closed
        # By the clock, minute by minute: however hours touch, overlap or go on past midnight, each is within some. Where the
        # clock is set back during a visit it shows earlier minutes again: such a visit is judged by its beginning.
        judged = (wall, last) if last - wall == plan.length - dt.timedelta(minutes=1) else (wall,)
        assert all(any(starts <= minute < ends for starts, ends in walls(plan, wall.date())) for minute in judged)


def walls(plan: AvailabilityRules, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return when hours begin and end on the clock, for those that begin the day before, on a day or after it."""
    found = []
    for date in (day - ONE_DAY, day, day + ONE_DAY):
        weekly = [(one.starts, one.ends) for one in plan.hours if one.hold_on(date)]
        for starts, ends in plan.exceptions.get(date, weekly):
            end = dt.datetime.combine(date + ONE_DAY * (ends <= starts), ends)
            found.append((dt.datetime.combine(date, starts), end))
    return found


@given(plans(), st.data())
@settings(max_examples=150, deadline=None)
def test_hours_in_two_parts_that_touch_offer_the_same(
    case: tuple[AvailabilityRules, dt.datetime, dt.datetime], data: st.DataObject
) -> None:
    plan, now, begin = case
    parts = []
    for one in plan.hours:
        first, last = minutes(one.starts, one.ends)
        # The second part suggests the same starts where it begins on one of them.
        cut = first + plan.visit.interval * data.draw(st.integers(0, 20))
        if first < cut < min(last, 24 * 60):
            middle = dt.time(*divmod(cut, 60))
            parts += [one._replace(ends=middle), one._replace(starts=middle)]
        else:
            parts.append(one)

    assert offered(replace(plan, hours=parts), now, begin) == offered(plan, now, begin)


@given(plans())
@settings(max_examples=150, deadline=None)
def test_offers_are_in_order_in_the_future_and_on_the_grid(
    case: tuple[AvailabilityRules, dt.datetime, dt.datetime],
) -> None:
    plan, now, begin = case

    found = offered(plan, now, begin)

    assert found == sorted(set(found))
    assert all(start > now and start.timestamp() % 300 == 0 for start in found)
