"""The appointment on a request's page: staff act through the verbs and are told in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from consultations.admin import status_words
from consultations.booking import appointments
from consultations.models import Activity, Appointment, AppointmentType, ConsultationRequest
from consultations.statuses import ActivityKind, AppointmentStatus, Channel, Status
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.desk import Place, address, login, sent, told
from tests.factories import NOW, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

HALF_HOUR = dt.timedelta(minutes=30)


def test_every_state_has_a_mark() -> None:
    assert set(status_words.APPOINTMENT_KINDS) == set(AppointmentStatus)


@pytest.mark.parametrize("group", ["Triage", "Managers"])
def test_staff_book_a_typed_time_on_the_clock_of_the_center(client: Client, place: Place, group: str) -> None:
    request = visitor(1, center=place[0])
    user = login(client, group)

    response = client.post(address(request, "book"), sent(place), follow=True)

    booked = Appointment.objects.get()
    assert told(response) == "The appointment is booked."
    assert (booked.starts_at, booked.status, booked.booked_by) == (MONDAY, AppointmentStatus.CONFIRMED, user)
    html = response.content.decode()
    assert "Mon 23 Nov 2026, 10:00 EST (15:00 UTC)" in html
    assert booked.assignment_reason in html


def test_next_step_of_a_visit_elsewhere_is_on_the_clock_of_the_visit(client: Client, place: Place) -> None:
    request = visitor(1, center=factories.make_center(time_zone="Asia/Tokyo"))
    login(client, "Triage")

    client.post(address(request, "book"), sent(place))

    assert client.get(address(request)).context["next_words"] == "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)"


def test_staff_book_by_one_press(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    login(client, "Triage")
    days = client.get(address(request)).context["booking"].days

    client.post(address(request, "book"), sent(place, local="", starts_at=days[0][1][0].value))

    assert Appointment.objects.get().starts_at.isoformat() == days[0][1][0].value
    assert (days[0][0], days[0][1][0].words) == ("Mon 16 Nov 2026", "09:00")


def test_notice_binds_visitors_and_not_staff(client: Client, place: Place, time_machine: Any) -> None:
    time_machine.move_to(MONDAY - dt.timedelta(minutes=10))
    request = visitor(1, center=place[0])
    user = login(client, "Triage")

    client.post(address(request, "book"), sent(place))

    booked = Appointment.objects.get()
    assert (booked.overridden, booked.booked_by) == (True, user)
    assert booked.override_reason == "(Visitors book at least 60 minutes ahead.)"
    assert "Rules set aside" in Activity.objects.get(kind=ActivityKind.BOOKED).text


def test_other_rules_need_a_reason_which_is_recorded(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    login(client, "Triage")
    evening = sent(place, local="2026-11-23T19:00")

    refused = client.post(address(request, "book"), evening)
    booked = client.post(address(request, "book"), evening | {"override": "Comes from far away"}, follow=True)

    assert refused.status_code == 422
    assert "does not work at this time. A reason for an exception sets this aside." in told(refused)
    assert told(booked) == "The appointment is booked."
    kept = Appointment.objects.get()
    assert kept.override_reason == "Comes from far away (The consultant does not work at this time.)"
    assert kept.override_reason in booked.content.decode()


def test_override_takes_whom_the_fewest_rules_speak_against(place: Place) -> None:
    away, there = place[2], make_consultant(place[0])
    away.leaves.create(starts_at=MONDAY - HALF_HOUR, ends_at=MONDAY + HALF_HOUR)
    # Busy on another day, so that the turn would be the one's on leave.
    make_appointment(consultant=there, starts_at=MONDAY + dt.timedelta(days=1))

    for override in ("", "Urgent."):
        booked = appointments.book(
            visitor(len(override)),
            wanted_slot(place[1], place[0], override=override),
            by=make_staff(),
            now=MONDAY - dt.timedelta(minutes=5),
        )
        assert booked.consultant == there
        appointments.cancel(booked, by=make_staff(), now=MONDAY - dt.timedelta(minutes=5))


def test_taken_time_names_the_nearest_as_buttons_and_keeps_what_was_typed(client: Client, place: Place) -> None:
    appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2, center=place[0])
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place))

    block = response.context["booking"]
    assert (response.status_code, told(response)) == (422, "This time has just been taken.")
    assert [button.in_full for button in block.instead][:2] == ["Mon 23 Nov 2026, 09:30", "Mon 23 Nov 2026, 10:30"]
    assert 'value="2026-11-23T10:00"' in response.content.decode()
    again = client.post(address(request, "book"), sent(place, local="", starts_at=block.instead[0].value), follow=True)
    assert told(again) == "The appointment is booked."


def test_even_a_reason_does_not_take_what_is_taken(client: Client, place: Place) -> None:
    appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2, center=place[0])
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place, override="Urgent", consultant=place[2].pk))

    assert (response.status_code, Appointment.objects.count()) == (422, 1)


def test_staff_move_an_appointment(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    old = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    client.post(address(request, "book"), sent(place, local="2026-11-23T11:00", appointment=old.pk))

    new = Appointment.objects.active().get()
    assert (new.moved_from, new.starts_at, new.sequence) == (old, MONDAY + 2 * HALF_HOUR, 1)


def test_move_of_what_was_cancelled_meanwhile_is_told(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    old = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    appointments.cancel(old, now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place, local="2026-11-23T11:00", appointment=old.pk))

    assert (response.status_code, Appointment.objects.active().count()) == (409, 0)
    assert "Meanwhile it stands: Cancelled" in told(response)


def test_second_appointment_of_a_person_is_refused_and_booked_with_a_reason(client: Client, place: Place) -> None:
    first = factories.make_request(email="ada@visitor.example", center=place[0])
    appointments.book(first, wanted_slot(place[1], place[0]), now=NOW)
    again = factories.make_request(email="ada@visitor.example", center=place[0])
    login(client, "Triage")
    later = sent(place, local="2026-11-23T11:00")

    refused = client.post(address(again, "book"), later)
    client.post(address(again, "book"), later | {"override": "Two knees"})

    assert (refused.status_code, first.reference in told(refused)) == (422, True)
    assert Appointment.objects.active().filter(request=again).exists()


def test_second_appointment_of_a_request_is_refused_in_words(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place, local="2026-11-23T11:00"))

    assert response.status_code == 422
    assert told(response).startswith("There is an appointment already: Mon 23 Nov 2026, 10:00 EST")


@pytest.mark.parametrize(
    "forged",
    [
        {"local": ""},
        {"local": "soon"},
        {"local": "0001-01-01T00:00"},
        {"local": "9999-12-31T23:59"},
        {"local": "2027-03-14T02:30"},  # skipped by the clock
        {"local": "", "starts_at": "2026-11-23T15:00"},  # whose?
        {"local": "", "starts_at": "nonsense"},
        {"local": "", "starts_at": "9999-12-31T23:59:59-14:00"},
        {"appointment_type": "0"},
        {"appointment_type": ""},
        {"center": ""},
        {"center": "nonsense"},
        {"consultant": "0"},
        {"appointment": "nonsense"},
        {"appointment": "999999"},
        {"appointment": "9" * 40},
        {"override": "x" * 201},
        {"local": "\x00"},
    ],
)
def test_forged_booking_is_refused_in_words(client: Client, place: Place, forged: dict[str, str]) -> None:
    request = visitor(1, center=place[0])
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place) | forged)

    assert (response.status_code, Appointment.objects.count()) == (422, 0)
    assert told(response)


def test_chosen_place_in_the_address_is_shown_and_nonsense_explained(client: Client, place: Place) -> None:
    make_consultant()
    phone = make_appointment_type(channel=Channel.PHONE)
    request = visitor(1, center=place[0])
    login(client, "Triage")

    by_phone = client.get(address(request), {"appointment_type": phone.pk, "center": place[0].pk}).context["booking"]
    nonsense = client.get(address(request), {"appointment_type": "nonsense", "center": "\ufffe"})

    assert (by_phone.place_form.cleaned_data["center"], bool(by_phone.days)) == (None, True)
    assert (nonsense.status_code, nonsense.context["booking"].days) == (200, [])


def test_desk_shows_how_long_the_visit_is_and_not_how_long_its_kind_is_by_now(client: Client, place: Place) -> None:
    request = visitor(1, center=place[0])
    appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    AppointmentType.objects.update(minutes=45)
    login(client, "Triage")

    html = client.get(address(request)).content.decode()

    assert (f"{place[1]}, 30 minutes" in html, "45 minutes" in html) == (True, False)


@pytest.mark.parametrize(
    ("status", "back"), [(Status.LOST, Status.REACHED), (Status.WON, Status.REACHED), (Status.SPAM, Status.NEW)]
)
def test_closed_request_is_offered_no_times_and_says_how_to_open_it(
    client: Client, place: Place, status: Status, back: Status
) -> None:
    request = visitor(1, center=place[0])
    ConsultationRequest.objects.filter(pk=request.pk).update(status=status)
    login(client, "Triage")

    page = client.get(address(request)).content.decode()
    refused = client.post(address(request, "book"), sent(place))

    assert ("Book a time" in page, Appointment.objects.count()) == (False, 0)
    assert told(refused) == (
        f"This request stands at “{status.label}”. Move it to “{back.label}” first, then book a time."
    )


def test_whoever_left_no_address_is_to_be_told_by_whoever_books(client: Client, place: Place) -> None:
    request = factories.make_request(email="", phone="202 555 0101", phone_e164="+12025550101", center=place[0])
    login(client, "Triage")

    response = client.post(address(request, "book"), sent(place), follow=True)

    assert told(response) == "The appointment is booked. Tell the visitor, who left no mail address."
