"""What becomes of an appointment: confirmed, declined, cancelled, attended or not."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import appointments
from consultations.booking.refusals import AlreadyBooked, TooEarly, TooLate
from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.models import Activity, Appointment, TimeCell
from consultations.requests import moving
from consultations.statuses import ActivityKind, AppointmentStatus, Status
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot

pytestmark = pytest.mark.django_db

NOW = factories.NOW
MINUTE = dt.timedelta(minutes=1)
PENDING, CONFIRMED, CANCELLED = (
    AppointmentStatus.PENDING,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.CANCELLED,
)
ATTENDED, NO_SHOW = AppointmentStatus.ATTENDED, AppointmentStatus.NO_SHOW


def make_booked(*, pending: bool = False) -> Appointment:
    center = factories.make_center()
    make_consultant(center)
    return appointments.book(
        visitor(1), wanted_slot(make_appointment_type(needs_confirmation=pending), center), now=NOW
    )


def kinds(appointment: Appointment) -> list[str]:
    return list(Activity.objects.filter(request=appointment.request_id).values_list("kind", flat=True))[2:]


def status_of(appointment: Appointment) -> str:
    return type(appointment.request).objects.get(pk=appointment.request_id).status


def test_confirm_books_the_request() -> None:
    appointment, staff = make_booked(pending=True), factories.make_staff()

    appointments.confirm(appointment, by=staff, now=NOW)

    assert (appointment.status, status_of(appointment)) == (CONFIRMED, Status.BOOKED)
    assert kinds(appointment) == [ActivityKind.CONFIRMED, ActivityKind.STATUS]


def test_confirm_twice_is_once() -> None:
    appointment, staff = make_booked(pending=True), factories.make_staff()
    stale = Appointment.objects.get(pk=appointment.pk)
    appointments.confirm(appointment, by=staff, now=NOW)

    appointments.confirm(stale, by=factories.make_staff(), now=NOW)

    assert kinds(appointment) == [ActivityKind.CONFIRMED, ActivityKind.STATUS]


def test_confirm_cancelled_meanwhile() -> None:
    appointment = make_booked(pending=True)
    stale = Appointment.objects.get(pk=appointment.pk)
    appointments.cancel(appointment, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        appointments.confirm(stale, by=factories.make_staff(), now=NOW)


def test_decline_frees_the_time() -> None:
    appointment = make_booked(pending=True)

    appointments.decline(appointment, by=factories.make_staff(), now=NOW, reason="Please see your doctor first.")

    assert (appointment.status, appointment.sequence, TimeCell.objects.count()) == (CANCELLED, 1, 0)
    assert (kinds(appointment), status_of(appointment)) == ([ActivityKind.DECLINED], Status.NEW)


def test_decline_without_reason() -> None:
    with pytest.raises(ReasonMissing):
        appointments.decline(make_booked(pending=True), by=factories.make_staff(), now=NOW, reason=" ")


def test_decline_confirmed_meanwhile() -> None:
    with pytest.raises(ChangedMeanwhile):
        appointments.decline(make_booked(), by=factories.make_staff(), now=NOW, reason="Too late.")


def test_cancel_by_visitor_nobody_spoke_with_waits_for_us_again() -> None:
    appointment = make_booked()

    appointments.cancel(appointment, now=NOW, reason="My back is better.")

    assert (appointment.status, appointment.cancel_reason, appointment.sequence) == (CANCELLED, "My back is better.", 1)
    assert (TimeCell.objects.count(), status_of(appointment)) == (0, Status.NEW)
    assert kinds(appointment) == [ActivityKind.STATUS, ActivityKind.CANCELLED, ActivityKind.STATUS]


def test_cancel_after_a_talk_stays_in_touch() -> None:
    center, appointment_type, staff, request = (
        factories.make_center(),
        make_appointment_type(),
        factories.make_staff(),
        visitor(1),
    )
    make_consultant(center)
    moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=NOW)
    appointment = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)

    appointments.cancel(appointment, now=NOW)

    assert status_of(appointment) == Status.REACHED


def test_cancel_twice_is_once() -> None:
    appointment = make_booked()
    stale = Appointment.objects.get(pk=appointment.pk)
    appointments.cancel(appointment, now=NOW)

    appointments.cancel(stale, now=NOW)

    assert (stale.status, stale.sequence) == (CANCELLED, 1)


def test_cancel_frees_the_time_for_the_same_request() -> None:
    appointment = make_booked()
    appointments.cancel(appointment, now=NOW)

    again = appointments.book(
        appointment.request, wanted_slot(appointment.appointment_type, appointment.center), now=NOW
    )

    assert again.uid != appointment.uid


def test_cancel_inside_cutoff_is_for_staff() -> None:
    appointment = make_booked()
    late = MONDAY - 119 * MINUTE

    with pytest.raises(TooLate):
        appointments.cancel(appointment, now=late)
    appointments.cancel(appointment, by=factories.make_staff(), now=late)

    assert appointment.status == CANCELLED


def test_cancel_gone() -> None:
    appointment = make_booked()
    factories.delete_past_the_guards(appointment.request)

    with pytest.raises(ChangedMeanwhile):
        appointments.cancel(appointment, now=NOW)


@pytest.mark.parametrize(("before", "changeable"), [(120, True), (119, False), (0, False), (-10, False)])
def test_is_changeable(before: int, *, changeable: bool) -> None:
    assert make_booked().is_changeable(MONDAY - before * MINUTE) is changeable


@pytest.mark.parametrize("outcome", [ATTENDED, NO_SHOW])
def test_outcome_from_the_start_on_and_back(outcome: AppointmentStatus) -> None:
    appointment, staff = make_booked(), factories.make_staff()

    with pytest.raises(TooEarly):
        appointments.record_outcome(appointment, outcome=outcome, by=staff, now=MONDAY - MINUTE)
    appointments.record_outcome(appointment, outcome=outcome, by=staff, now=MONDAY)
    appointments.record_outcome(appointment, outcome=outcome, by=staff, now=MONDAY)

    assert (appointment.status, TimeCell.objects.count()) == (outcome, 6)
    appointments.record_outcome(appointment, outcome=CONFIRMED, by=staff, now=MONDAY)
    assert appointment.status == CONFIRMED
    assert kinds(appointment)[1:] == [ActivityKind.OUTCOME, ActivityKind.OUTCOME]


def test_outcome_corrected() -> None:
    appointment, staff = make_booked(), factories.make_staff()
    appointments.record_outcome(appointment, outcome=NO_SHOW, by=staff, now=MONDAY)

    appointments.record_outcome(appointment, outcome=ATTENDED, by=staff, now=MONDAY)

    assert appointment.status == ATTENDED


def test_outcome_not_undone_beside_another_appointment() -> None:
    appointment, staff = make_booked(), factories.make_staff()
    appointments.record_outcome(appointment, outcome=NO_SHOW, by=staff, now=MONDAY)
    later = wanted_slot(appointment.appointment_type, appointment.center, starts_at=MONDAY + dt.timedelta(days=1))
    appointments.book(appointment.request, later, now=MONDAY)

    with pytest.raises(AlreadyBooked):
        appointments.record_outcome(appointment, outcome=CONFIRMED, by=staff, now=MONDAY)


@pytest.mark.parametrize("outcome", [AppointmentStatus.MOVED, PENDING, CANCELLED, AppointmentStatus.HELD])
def test_outcome_is_one_of_three(outcome: AppointmentStatus) -> None:
    with pytest.raises(NotAllowed):
        appointments.record_outcome(make_booked(), outcome=outcome, by=factories.make_staff(), now=MONDAY)


def test_outcome_of_a_cancelled_one() -> None:
    appointment = make_booked()
    appointments.cancel(appointment, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        appointments.record_outcome(appointment, outcome=ATTENDED, by=factories.make_staff(), now=MONDAY)
