"""What it costs to look for whom a freed time fits: the same, however much became free."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from consultations.booking import appointments, waiting_list
from consultations.models import Appointment, AppointmentType, Consultant
from consultations.statuses import Channel
from content.models import Center
from tests.booking_factories import MONDAY, give_up, join, make_appointment_type, visitor, wanted_slot
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LATER = NOW + dt.timedelta(hours=1)


def give_up_many(place: tuple[Center, AppointmentType], count: int) -> None:
    """Have as many visitors give up times of as many days."""
    days = [day for day in range(14) if (MONDAY + day * DAY).weekday() < 5][:count]
    for number, day in enumerate(days):
        start = MONDAY + day * DAY
        give_up(appointments.book(visitor(100 + number), wanted_slot(place[1], place[0], starts_at=start), now=NOW))


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize(
    ("wanted", "queries"),
    [
        ({"until": MONDAY}, 3),
        ({"center": None}, 3),
        ({"until": MONDAY + 30 * DAY}, 11),
    ],
    ids=["too late", "elsewhere", "on leave"],
)
def test_freed_times_that_cannot_be_offered_cost_no_queries_each(
    place: tuple[Center, AppointmentType],
    django_assert_num_queries: DjangoAssertNumQueries,
    wanted: dict[str, Any],
    queries: int,
    count: int,
) -> None:
    if "center" in wanted:
        wanted = wanted | {"appointment_type": make_appointment_type(channel=Channel.PHONE)}
    join(visitor(1), place, **wanted)
    give_up_many(place, count)
    Consultant.objects.get().leaves.create(starts_at=NOW, ends_at=NOW + 90 * DAY)

    with django_assert_num_queries(queries):
        assert waiting_list.offer_freed(now=LATER) == 0


def test_freed_times_cost_no_queries_each_while_whoever_waits_is_choosing(
    place: tuple[Center, AppointmentType], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = visitor(1)
    join(request, place, until=MONDAY + 30 * DAY)
    give_up_many(place, 8)
    appointments.hold(request, wanted_slot(place[1], place[0]), now=LATER)

    with django_assert_num_queries(5):
        assert waiting_list.offer_freed(now=LATER) == 0


def test_times_that_became_free_together_go_to_one_visitor_each(place: tuple[Center, AppointmentType]) -> None:
    requests = [visitor(number) for number in range(3)]
    for request in requests:
        join(request, place, until=MONDAY + 30 * DAY)
    give_up_many(place, 2)

    made = waiting_list.offer_freed(now=LATER)

    held = Appointment.objects.held().order_by("starts_at").values_list("request", "starts_at")
    assert (made, list(held)) == (2, [(requests[0].pk, MONDAY), (requests[1].pk, MONDAY + DAY)])


@pytest.mark.parametrize("crowd", [2, 5])
def test_time_that_was_given_up_twice_is_offered_once_and_tried_once(
    place: tuple[Center, AppointmentType], django_assert_num_queries: DjangoAssertNumQueries, crowd: int
) -> None:
    for number in range(crowd):
        join(visitor(number), place)
    for number in (8, 9):
        give_up(appointments.book(visitor(number), wanted_slot(place[1], place[0]), now=NOW))

    with django_assert_num_queries(50):
        assert waiting_list.offer_freed(now=LATER) == 1
    assert waiting_list.offer_freed(now=LATER) == 0


def test_time_that_was_taken_again_is_not_looked_at(
    place: tuple[Center, AppointmentType], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    join(visitor(1), place)
    give_up(appointments.book(visitor(2), wanted_slot(place[1], place[0]), now=NOW))
    appointments.book(visitor(3), wanted_slot(place[1], place[0]), now=LATER)

    with django_assert_num_queries(3):
        assert waiting_list.offer_freed(now=LATER) == 0
