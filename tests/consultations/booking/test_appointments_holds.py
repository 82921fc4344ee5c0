"""Holding a time for some minutes, and giving it back."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import appointments, unconfirmed
from consultations.booking.refusals import SlotTaken
from consultations.models import Appointment, TimeCell
from consultations.statuses import ActivityKind, AppointmentStatus
from tests import factories
from tests.booking_factories import (
    MONDAY,
    cells_of,
    history,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)

pytestmark = pytest.mark.django_db

NOW = factories.NOW
HALF_HOUR = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)


def test_hold_hides_the_time_until_it_runs_out() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    held = appointments.hold(visitor(1), wanted_slot(appointment_type, center), now=NOW)

    with pytest.raises(SlotTaken):
        appointments.hold(visitor(2), wanted_slot(appointment_type, center), now=NOW + 9 * MINUTE)
    after = appointments.hold(visitor(2), wanted_slot(appointment_type, center), now=NOW + 10 * MINUTE)

    assert held.hold_expires_at == NOW + 10 * MINUTE
    assert list(Appointment.objects.all()) == [after]
    assert history(held.request) == [ActivityKind.HELD, ActivityKind.RELEASED]


def test_hold_again_renews_and_another_time_replaces() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    appointments.hold(request, wanted_slot(appointment_type, center), now=NOW)
    renewed = appointments.hold(request, wanted_slot(appointment_type, center), now=NOW + 9 * MINUTE)
    other = appointments.hold(
        request, wanted_slot(appointment_type, center, starts_at=MONDAY + 15 * MINUTE + 15 * MINUTE), now=NOW
    )

    assert renewed.hold_expires_at == NOW + 19 * MINUTE
    assert (Appointment.objects.get(), cells_of(other)[0], len(cells_of(other))) == (other, MONDAY + HALF_HOUR, 6)


def test_hold_becomes_the_booking_with_its_consultant() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    make_consultant(center)
    held = appointments.hold(request, wanted_slot(appointment_type, center), now=NOW)

    booked = appointments.book(request, wanted_slot(appointment_type, center), now=NOW + MINUTE)

    assert (booked.pk, booked.consultant, booked.hold_expires_at) == (held.pk, held.consultant, None)
    assert booked.assignment_reason == held.assignment_reason
    assert len(cells_of(booked)) == 6


def test_hold_keeps_the_notice_it_was_made_under() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    appointments.hold(request, wanted_slot(appointment_type, center), now=MONDAY - 61 * MINUTE)

    booked = appointments.book(request, wanted_slot(appointment_type, center), now=MONDAY - 59 * MINUTE)

    assert booked.starts_at == MONDAY


def test_hold_that_ran_out_still_books_what_is_free() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    appointments.hold(request, wanted_slot(appointment_type, center), now=NOW)

    booked = appointments.book(request, wanted_slot(appointment_type, center), now=NOW + 60 * MINUTE)

    assert booked.status == AppointmentStatus.CONFIRMED


def test_release_gives_the_time_back_once() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    appointments.hold(request, wanted_slot(appointment_type, center), now=NOW)

    assert [appointments.release(request, now=NOW), appointments.release(request, now=NOW)] == [True, False]
    assert (TimeCell.objects.count(), history(request)) == (0, [ActivityKind.HELD, ActivityKind.RELEASED])


def test_release_expired_holds_leaves_the_others() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    appointments.hold(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    kept = appointments.hold(
        visitor(2), wanted_slot(appointment_type, center, starts_at=MONDAY + HALF_HOUR), now=NOW + MINUTE
    )

    released = unconfirmed.release_expired(now=NOW + 10 * MINUTE)

    assert (released, list(Appointment.objects.all()), TimeCell.objects.count()) == (1, [kept], 6)
