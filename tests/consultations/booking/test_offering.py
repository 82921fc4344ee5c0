"""The quick way to the first free time of several consultants, beside all that the full reckoning has nothing against."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.booking import offering
from consultations.booking.availability import AvailabilityRules, Slot
from consultations.booking.working_days import Hours, Shared
from tests.consultations.booking.test_availability_properties import DAYS, GRID, ZONES, plans

type Case = tuple[list[AvailabilityRules], dt.datetime, dt.datetime]


@st.composite
def centers(draw: st.DrawFn) -> Case:
    """Return consultants of one place who were read together, some of them with equal rules, `now` and where looking begins."""
    one, now, begin = draw(plans())
    shared = Shared()
    found = [replace(one, shared=shared)]
    for number in range(2, draw(st.integers(2, 4)) + 1):
        other, _, _ = draw(plans())
        hours = one.hours if draw(st.booleans()) else other.hours
        far = draw(st.lists(st.integers(0, 1), min_size=len(other.taken), max_size=len(other.taken)))
        taken = [busy for busy, kept in zip(other.taken, far, strict=True) if kept] + list(one.taken)
        found.append(replace(one, consultant=number, hours=hours, taken=sorted(taken), shared=shared))
    return found, now, begin


def plainly(case: Case) -> list[Slot]:
    """Return every free time: each multiple of five minutes, asked of each consultant by itself."""
    together, now, begin = case
    alone = [replace(plan, shared=Shared()) for plan in together]
    starts = [begin + number * GRID for number in range(DAYS * 288)]
    free = [(start, [plan for plan in alone if not plan.explain(start, now=now)]) for start in starts]
    return [
        Slot(start, start + able[0].length, tuple(plan.consultant for plan in able)) for start, able in free if able
    ]


@given(centers())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_first_offer_is_the_first_of_all_that_nothing_stands_against(case: Case) -> None:
    together, now, begin = case
    end = begin + dt.timedelta(days=DAYS)
    every = plainly(case)

    first = offering.first_offer(together, begin=begin, end=end, now=now)

    assert first == next(iter(every), None)
    assert list(offering.offers(together, begin=begin, end=end, now=now)) == every


@given(centers(), st.permutations(ZONES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_days_shared_between_zones_are_those_of_each_alone(case: Case, zones: list[str]) -> None:
    together, now, begin = case
    everywhere = [replace(plan, zone=ZoneInfo(name)) for name in zones for plan in together]
    look = {"begin": begin, "end": begin + dt.timedelta(days=DAYS), "now": now}

    shared = [list(plan.starts(**look)) for plan in everywhere]

    assert shared == [list(replace(plan, shared=Shared()).starts(**look)) for plan in everywhere]


def test_first_offer_of_nobody_is_none() -> None:
    now = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)

    assert offering.first_offer([], begin=now, end=now + dt.timedelta(days=1), now=now) is None


def test_equal_hours_are_reckoned_once_for_all_zones_with_a_steady_clock() -> None:
    shared, hours = Shared(), [Hours(0, dt.time(9), dt.time(10))]
    length = dt.timedelta(minutes=30)
    monday = dt.date(2026, 11, 16)

    found = [shared.days_of(ZoneInfo(name), length, 30, hours, {}, []).starts(monday) for name in ("Asia/Tokyo", "UTC")]

    nine = int(dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC).timestamp())
    assert found == [(nine - 9 * 3600, nine - 9 * 3600 + 1800), (nine, nine + 1800)]
