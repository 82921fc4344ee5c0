"""Moving an appointment: first the new time, then the old one is given up."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import appointments
from consultations.booking.refusals import SlotTaken, TooLate
from consultations.exceptions import ChangedMeanwhile
from consultations.models import Appointment, TimeCell
from consultations.statuses import AppointmentStatus
from tests import factories
from tests.booking_factories import MONDAY, cells_of, make_appointment_type, make_consultant, visitor, wanted_slot

pytestmark = pytest.mark.django_db

NOW = factories.NOW
HALF_HOUR = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)


def test_move_keeps_the_chain() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    first = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)
    second = appointments.move(first, appointments.WantedSlot.like(first, MONDAY + 4 * HALF_HOUR), now=NOW)
    third = appointments.move(second, appointments.WantedSlot.like(second, MONDAY + HALF_HOUR), now=NOW)

    appointments.cancel(third, now=NOW, reason="Away that week.")

    assert [one.sequence for one in (first, second, third)] == [0, 1, 3]
    assert {one.uid for one in (first, second, third)} == {first.uid}
    assert [one.status for one in (first, second, third)] == ["moved", "moved", "cancelled"]
    assert (third.moved_from, second.moved_from) == (second, first)
    assert TimeCell.objects.count() == 0
    assert third.cancel_reason == "Away that week."


@pytest.mark.parametrize("minutes", [-30, -15, 15, 30])
def test_move_may_overlap_the_old_time(minutes: int) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type(interval_minutes=15, buffer_after=10)
    make_consultant(center)
    old = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)

    moved = appointments.move(old, appointments.WantedSlot.like(old, MONDAY + minutes * MINUTE), now=NOW)

    assert cells_of(moved) == [moved.starts_at + n * 5 * MINUTE for n in range(8)]
    assert TimeCell.objects.count() == 8


def test_move_to_a_taken_time_leaves_the_old_one() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    old = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    appointments.book(visitor(2), wanted_slot(appointment_type, center, starts_at=MONDAY + HALF_HOUR), now=NOW)
    before = cells_of(old)
    staff, forced = factories.make_staff(), appointments.WantedSlot.like(old, MONDAY + HALF_HOUR, override="Urgent.")

    for by, wanted in ((None, appointments.WantedSlot.like(old, MONDAY + HALF_HOUR)), (staff, forced)):
        with pytest.raises(SlotTaken):
            appointments.move(old, wanted, by=by, now=NOW)

    old.refresh_from_db()
    assert (old.status, cells_of(old)) == (AppointmentStatus.CONFIRMED, before)


def test_move_twice_to_the_same_time_is_one_move() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    old = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    stale = Appointment.objects.get(pk=old.pk)
    wanted = appointments.WantedSlot.like(old, MONDAY + HALF_HOUR)
    moved = appointments.move(old, wanted, now=NOW)

    assert appointments.move(stale, wanted, now=NOW) == moved
    assert appointments.move(moved, wanted, now=NOW) == moved
    with pytest.raises(ChangedMeanwhile):
        appointments.move(stale, appointments.WantedSlot.like(stale, MONDAY + 4 * HALF_HOUR), now=NOW)


def test_move_to_another_consultant_at_another_center() -> None:
    center, there, appointment_type = factories.make_center(), factories.make_center(), make_appointment_type()
    make_consultant(center)
    other = make_consultant(there)
    old = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)

    moved = appointments.move(old, wanted_slot(appointment_type, there), now=NOW)

    assert (moved.consultant, moved.center, TimeCell.objects.filter(consultant=other).count()) == (other, there, 6)
    assert TimeCell.objects.count() == 6


def test_move_inside_cutoff_is_for_staff() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type(notice_minutes=0)
    make_consultant(center)
    old = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    late, wanted = MONDAY - 119 * MINUTE, appointments.WantedSlot.like(old, MONDAY + HALF_HOUR)

    with pytest.raises(TooLate):
        appointments.move(old, wanted, now=late)
    moved = appointments.move(old, wanted, by=factories.make_staff(), now=late)

    assert moved.starts_at == MONDAY + HALF_HOUR
