"""Closing a request never leaves its appointment to nobody, and never cancels it without being told to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consultations.booking import appointments, closing, waiting_list
from consultations.booking.refusals import AppointmentStands
from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.models import Activity, Appointment, ConsultationRequest, Message, TimeCell
from consultations.requests import moving
from consultations.statuses import FINAL, ActivityKind, AppointmentStatus, MessageKind, Status
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]

HOUR = dt.timedelta(hours=1)


def booked(*, now: dt.datetime = NOW, **kwargs: Any) -> Appointment:
    """Book Monday at ten in New York, as the visitor; keywords are those of the kind of visit."""
    center = factories.make_center(name="Fern Boston")
    make_consultant(center, public_name="Ana")
    return appointments.book(visitor(1, center=center), wanted_slot(make_appointment_type(**kwargs), center), now=now)


def fresh(appointment: Appointment) -> tuple[ConsultationRequest, Appointment]:
    """Return the request and the appointment as the database has them."""
    return ConsultationRequest.objects.get(pk=appointment.request_id), Appointment.objects.get(pk=appointment.pk)


def close(appointment: Appointment, **kwargs: Any) -> None:
    """Close the request of an appointment as lost, with the appointment."""
    request, _ = fresh(appointment)
    defaults: dict[str, Any] = {"to": Status.LOST, "seen": Status.BOOKED, "reason": "Moved abroad", "now": NOW + HOUR}
    defaults |= {"by": make_staff("Triage"), "cancelling": appointment}
    closing.close(request, **defaults | kwargs)


@pytest.mark.parametrize("to", sorted(FINAL))
@pytest.mark.parametrize("pending", [True, False])
def test_end_with_an_appointment_to_come_is_refused_and_names_it(to: Status, pending: bool) -> None:  # noqa: FBT001
    appointment = booked(needs_confirmation=pending)
    ConsultationRequest.objects.update(status=Status.REACHED)
    request, _ = fresh(appointment)

    with pytest.raises(AppointmentStands) as refusal:
        moving.move(request, to=to, by=make_staff(), seen=Status.REACHED, now=NOW, reason="Moved abroad")

    request, stands = fresh(appointment)
    assert str(refusal.value) == (
        "An appointment is to come: Mon 23 Nov 2026, 10:00 EST (15:00 UTC) with Ana at Fern Boston. "
        "Cancel it first, or together with the request. Nothing was saved."
    )
    assert (request.status, stands.status) == (Status.REACHED, appointment.status)
    assert not Activity.objects.filter(to_status=to).exists()


def test_appointment_that_has_begun_is_history_and_keeps_nobody_from_closing() -> None:
    appointment = booked()
    request, _ = fresh(appointment)

    moving.move(request, to=Status.WON, by=make_staff(), seen=Status.BOOKED, now=MONDAY)

    request, stands = fresh(appointment)
    assert (request.status, stands.status) == (Status.WON, AppointmentStatus.CONFIRMED)
    came = appointments.record_outcome(stands, outcome=AppointmentStatus.ATTENDED, by=make_staff(), now=MONDAY)
    assert came.status == AppointmentStatus.ATTENDED


def test_moves_that_are_no_end_leave_the_appointment_alone() -> None:
    appointment = booked()
    request, _ = fresh(appointment)

    moving.move(request, to=Status.REACHED, by=make_staff(), seen=Status.BOOKED, now=NOW)

    assert fresh(appointment)[1].status == AppointmentStatus.CONFIRMED


def test_closing_gives_back_what_is_only_held() -> None:
    center, visit = factories.make_center(), make_appointment_type()
    make_consultant(center)
    request = visitor(1, center=center)
    appointments.hold(request, wanted_slot(visit, center), now=NOW, lasting=waiting_list.OFFER_FOR)

    moving.move(request, to=Status.SPAM, by=make_staff(), seen=Status.NEW, now=NOW, reason="Advertising")

    assert (Appointment.objects.count(), TimeCell.objects.count()) == (0, 0)
    assert request.activities.filter(kind=ActivityKind.RELEASED).count() == 1


@pytest.mark.parametrize("to", [Status.LOST, Status.WON])
def test_both_are_closed_together_and_the_visitor_is_told(to: Status) -> None:
    appointment = booked()
    by = make_staff("Triage")

    close(appointment, to=to, by=by)

    request, cancelled = fresh(appointment)
    assert (request.status, cancelled.status) == (to, AppointmentStatus.CANCELLED)
    assert (cancelled.cancel_reason, TimeCell.objects.count()) == ("Moved abroad", 0)
    assert Message.objects.filter(kind=MessageKind.VISITOR_CANCELLED).count() == 1
    assert request.activities.get(kind=ActivityKind.CANCELLED).by == by


def test_pending_appointment_is_cancelled_with_a_request_that_was_never_called() -> None:
    appointment = booked(needs_confirmation=True)

    close(appointment, to=Status.SPAM, seen=Status.NEW)

    request, cancelled = fresh(appointment)
    assert (request.status, cancelled.status) == (Status.SPAM, AppointmentStatus.CANCELLED)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"to": Status.REACHED}, NotAllowed),
        ({"seen": Status.WON, "to": Status.LOST}, NotAllowed),
        ({"reason": "  "}, ReasonMissing),
        ({"seen": Status.NEW}, ChangedMeanwhile),
    ],
)
def test_refused_closing_leaves_both_as_they_were(wrong: dict[str, Any], refusal: type[Exception]) -> None:
    appointment = booked()

    with pytest.raises(refusal):
        close(appointment, **wrong)

    request, stands = fresh(appointment)
    assert (request.status, stands.status) == (Status.BOOKED, AppointmentStatus.CONFIRMED)


def test_appointment_that_was_moved_meanwhile_is_not_cancelled() -> None:
    appointment = booked()
    moved = appointments.move(appointment, appointments.WantedSlot.like(appointment, MONDAY + HOUR), now=NOW)

    with pytest.raises(ChangedMeanwhile):
        close(appointment)

    request, stands = fresh(moved)
    assert (request.status, stands.status) == (Status.BOOKED, AppointmentStatus.CONFIRMED)


def test_appointment_of_somebody_else_is_not_cancelled() -> None:
    appointment = booked()
    theirs = appointments.book(
        visitor(2), wanted_slot(appointment.appointment_type, appointment.center, starts_at=MONDAY + HOUR), now=NOW
    )

    with pytest.raises(NotAllowed):
        close(appointment, cancelling=theirs)

    assert fresh(theirs)[1].status == AppointmentStatus.CONFIRMED


# On the desk


@pytest.fixture
def triager(client: Client, time_machine: Any) -> User:
    """Somebody of the desk, logged in at NOW."""
    time_machine.move_to(NOW)
    user = make_staff("Triage")
    client.force_login(user)
    return user


def address(appointment: Appointment, which: str = "change") -> str:
    """Return the address of the request's page, or of one of its buttons."""
    return reverse(f"admin:consultations_consultationrequest_{which}", args=[appointment.request_id])


def test_page_asks_before_every_end_while_an_appointment_is_to_come(client: Client, triager: User) -> None:
    appointment = booked()

    page = client.get(address(appointment))

    assert set(page.context["closing"]) == {Status.WON, Status.LOST}
    assert FINAL.isdisjoint(page.context["moves"])
    assert f'name="cancelling" value="{appointment.pk}">' in page.content.decode()


def test_page_of_a_request_without_an_appointment_asks_nothing(client: Client, triager: User) -> None:
    appointment = booked()
    appointments.cancel(appointment, by=triager, now=NOW)

    page = client.get(address(appointment))

    assert set(page.context["closing"]) == {Status.LOST, Status.SPAM}
    assert 'name="cancelling"' not in page.content.decode()


def test_desk_is_told_of_the_appointment_and_keeps_its_words(client: Client, triager: User) -> None:
    appointment = booked()
    data = {"to": "lost", "seen": "booked", "reason": "Wanted another city"}

    response = client.post(address(appointment, "move"), data)

    request, stands = fresh(appointment)
    told = [str(message) for message in response.context["messages"]]
    assert (response.status_code, request.status, stands.status) == (422, "booked", "confirmed")
    assert told[0].startswith("An appointment is to come: Mon 23 Nov 2026, 10:00 EST")
    assert "Wanted another city</textarea>" in response.content.decode()


def test_desk_closes_both(client: Client, triager: User) -> None:
    appointment = booked()
    data = {"to": "lost", "seen": "booked", "reason": "Wanted another city", "cancelling": appointment.pk}

    response = client.post(address(appointment, "move"), data)

    request, cancelled = fresh(appointment)
    assert (response.status_code, request.status, cancelled.status) == (302, "lost", "cancelled")


@pytest.mark.parametrize("forged", ["999999", "x", "9" * 30])
def test_desk_cannot_name_another_appointment(client: Client, triager: User, forged: str) -> None:
    appointment = booked()
    data = {"to": "lost", "seen": "booked", "reason": "Wanted another city", "cancelling": forged}

    response = client.post(address(appointment, "move"), data)

    request, stands = fresh(appointment)
    assert (response.status_code, request.status, stands.status) == (422, "booked", "confirmed")
