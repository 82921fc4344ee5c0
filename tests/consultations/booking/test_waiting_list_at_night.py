"""A time that becomes free at night is held until whoever waits for it can have read of it."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import appointments, waiting_list
from consultations.models import Appointment, AppointmentType
from content.models import Center
from tests.booking_factories import MONDAY, give_up, join, visitor, wanted_slot
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "freed_at", "until"),
    [
        ("", dt.datetime(2026, 11, 18, 1, 59, tzinfo=dt.UTC), dt.datetime(2026, 11, 18, 3, 59, tzinfo=dt.UTC)),
        ("", dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC), dt.datetime(2026, 11, 18, 15, tzinfo=dt.UTC)),
        ("", dt.datetime(2026, 11, 18, 12, 59, tzinfo=dt.UTC), dt.datetime(2026, 11, 18, 15, tzinfo=dt.UTC)),
        ("Asia/Tokyo", dt.datetime(2026, 11, 18, 3, tzinfo=dt.UTC), dt.datetime(2026, 11, 18, 5, tzinfo=dt.UTC)),
    ],
    ids=["a minute to nine in New York", "nine in the evening", "a minute to eight", "noon in the visitor's Tokyo"],
)
def test_offer_made_at_night_lasts_into_the_visitors_morning(
    place: tuple[Center, AppointmentType], zone: str, freed_at: dt.datetime, until: dt.datetime
) -> None:
    booked, request = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW), visitor(2)
    if zone:
        appointments.book(request, wanted_slot(place[1], place[0], starts_at=MONDAY + DAY, visitor_zone=zone), now=NOW)
    join(request, place)
    give_up(booked, now=freed_at)

    assert waiting_list.offer_freed(now=freed_at) == 1
    assert Appointment.objects.held().get().hold_expires_at == until


def test_time_that_begins_with_the_visitors_morning_is_not_offered_at_night(
    place: tuple[Center, AppointmentType],
) -> None:
    booked, request = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW), visitor(2)
    # Ten in New York is seven in Los Angeles, and the time is over before anybody there has got up.
    appointments.book(
        request, wanted_slot(place[1], place[0], starts_at=MONDAY + DAY, visitor_zone="America/Los_Angeles"), now=NOW
    )
    join(request, place)
    evening = MONDAY - 10 * HOUR
    give_up(booked, now=evening)

    assert waiting_list.offer_freed(now=evening) == 0
