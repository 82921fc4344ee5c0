"""The appointment on a request's page: confirmed, declined, cancelled, attended or not, by whoever may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from consultations.booking import appointments
from consultations.models import AppointmentType, TimeCell
from consultations.statuses import AppointmentStatus, Status
from tests.booking_factories import MONDAY, visitor, wanted_slot
from tests.desk import Place, address, login, sent, told
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

HALF_HOUR = dt.timedelta(minutes=30)


def test_appointment_of_another_request_is_none_of_this_ones(client: Client, place: Place) -> None:
    theirs = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    login(client, "Triage")

    answers = [
        client.post(address(request, which), {"appointment": theirs.pk, "why": "Forged", "outcome": "attended"})
        for which in ("confirm", "decline", "cancel", "outcome")
    ]

    theirs.refresh_from_db()
    assert [answer.status_code for answer in answers] == [422] * 4
    assert theirs.status == AppointmentStatus.CONFIRMED


def test_pending_is_confirmed(client: Client, place: Place) -> None:
    AppointmentType.objects.update(needs_confirmation=True)
    place[1].refresh_from_db()
    request = visitor(1, center=place[0])
    pending = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "confirm"), {"appointment": pending.pk}, follow=True)

    pending.refresh_from_db()
    request.refresh_from_db()
    assert (pending.status, request.status) == (AppointmentStatus.CONFIRMED, Status.BOOKED)
    assert told(response) == "The appointment is confirmed."


def test_pending_is_declined_with_a_reason(client: Client, place: Place) -> None:
    AppointmentType.objects.update(needs_confirmation=True)
    place[1].refresh_from_db()
    request = visitor(1, center=place[0])
    pending = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    without = client.post(address(request, "decline"), {"appointment": pending.pk, "why": " "})
    client.post(address(request, "decline"), {"appointment": pending.pk, "why": "Needs a longer visit"})

    pending.refresh_from_db()
    assert (without.status_code, told(without)) == (422, "Say why the appointment is declined.")
    assert (pending.status, pending.cancel_reason) == (AppointmentStatus.CANCELLED, "Needs a longer visit")


def test_cancel_frees_the_time_and_outcomes_wait_for_the_start(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    booked = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    early = client.post(address(request, "outcome"), {"appointment": booked.pk, "outcome": "no_show"})
    client.post(address(request, "cancel"), {"appointment": booked.pk, "why": "Ill"})

    booked.refresh_from_db()
    assert (early.status_code, told(early)) == (422, "This can be recorded once the appointment has begun.")
    assert (booked.status, TimeCell.objects.count()) == (AppointmentStatus.CANCELLED, 0)


def test_outcome_is_recorded_and_taken_back(client: Client, place: Place, time_machine: Any) -> None:
    request = visitor(1, center=place[0])
    booked = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    time_machine.move_to(MONDAY + HALF_HOUR)
    login(client, "Triage")

    for outcome in ("no_show", "confirmed", "attended"):
        response = client.post(address(request, "outcome"), {"appointment": booked.pk, "outcome": outcome}, follow=True)
        booked.refresh_from_db()
        assert (booked.status, told(response)) == (outcome, "Recorded.")

    forged = client.post(address(request, "outcome"), {"appointment": booked.pk, "outcome": "moved"})
    assert forged.status_code == 422


@pytest.mark.parametrize("which", ["book", "confirm", "decline", "cancel", "outcome"])
def test_button_wants_a_post_and_the_right_to_change(client: Client, place: Place, which: str) -> None:
    request = visitor(1, center=place[0])
    booked = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")
    by_get = client.get(address(request, which))
    login(client, "Editors")
    data = sent(place, appointment=booked.pk, why="Forged", outcome="attended", local="2026-11-23T11:00")
    by_editor = client.post(address(request, which), data)

    booked.refresh_from_db()
    assert (by_get.status_code, by_editor.status_code) == (405, 403)
    assert booked.status == AppointmentStatus.CONFIRMED
