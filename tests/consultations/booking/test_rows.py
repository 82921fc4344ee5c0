"""Rows that free times are reckoned from: asked again of other moments, places and people, they are those of the latter."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from consultations.booking import rows
from consultations.booking.working_days import Hours
from consultations.models import WorkingPeriod
from consultations.statuses import AppointmentStatus
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_consultant

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()
MORNING, NOON, EVENING = dt.time(9), dt.time(12, 30), dt.time(18, 5)


def test_hours_are_in_order_with_the_days_on_which_they_hold() -> None:
    center = factories.make_center()
    consultant = make_consultant(center, hours=False)
    for weekday, starts, ends, first, last in [
        (1, MORNING, dt.time(0), None, None),
        (0, NOON, EVENING, None, TODAY),
        (0, MORNING, NOON, TODAY - DAY, None),
    ]:
        WorkingPeriod.objects.create(
            consultant=consultant,
            center=center,
            weekday=weekday,
            starts=starts,
            ends=ends,
            valid_from=first,
            valid_until=last,
        )

    assert rows.hours([consultant.pk], [center.pk], TODAY, TODAY) == {
        (consultant.pk, center.pk): (
            Hours(0, MORNING, NOON, TODAY - DAY, None),
            Hours(0, NOON, EVENING, None, TODAY),
            Hours(1, MORNING, dt.time(0), None, None),
        )
    }


def test_hours_that_are_over_are_found_only_by_who_asks_for_days_before() -> None:
    center = factories.make_center()
    consultant = make_consultant(center, hours=False)
    WorkingPeriod.objects.create(
        consultant=consultant, center=center, weekday=0, starts=MORNING, ends=NOON, valid_until=TODAY
    )

    found = [len(rows.hours([consultant.pk], [center.pk], day, day)) for day in (TODAY, TODAY + DAY, TODAY)]

    assert found == [1, 0, 1]


def test_hours_by_phone_are_not_those_at_a_place() -> None:
    center = factories.make_center()
    here, by_phone = make_consultant(center), make_consultant()
    both = [here.pk, by_phone.pk]

    at_the_place, without = rows.hours(both, [center.pk], TODAY, TODAY), rows.hours(both, None, TODAY, TODAY)

    assert (list(at_the_place), list(without)) == ([(here.pk, center.pk)], [(by_phone.pk, None)])


def test_hours_of_nobody_ask_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert rows.hours([], [], TODAY, TODAY) == {}


def test_held_time_is_taken_until_it_runs_out() -> None:
    consultant = make_consultant(factories.make_center())
    make_appointment(
        consultant=consultant, starts_at=MONDAY, status=AppointmentStatus.HELD, hold_expires_at=MONDAY - DAY
    )

    found = [
        len(rows.taken([consultant.pk], MONDAY - DAY, MONDAY + DAY, now, ())[consultant.pk])
        for now in (MONDAY - 2 * DAY, MONDAY - DAY, MONDAY - 2 * DAY)
    ]

    assert found == [1, 0, 1]


def test_taken_leaves_out_what_is_ignored() -> None:
    consultant = make_consultant(factories.make_center())
    appointment = make_appointment(consultant=consultant, starts_at=MONDAY)

    found = [
        len(rows.taken([consultant.pk], MONDAY - DAY, MONDAY + DAY, MONDAY, ignoring)[consultant.pk])
        for ignoring in ((), (appointment.pk,), ())
    ]

    assert found == [1, 0, 1]
