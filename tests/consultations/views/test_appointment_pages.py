"""What visitors do with a time that is theirs: hold it, move it, cancel it, and read what became of it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from consultations.booking import appointments
from consultations.links import private_link
from consultations.models import Appointment, AppointmentType, ConsultationRequest, Message
from consultations.statuses import Channel, MessageKind
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW
from tests.times_page import VALUE, address, chosen, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic", "at_now")]
HALF_HOUR = dt.timedelta(minutes=30)
# Monday at nine in Sydney.
NIGHT = dt.datetime(2026, 11, 22, 22, tzinfo=dt.UTC)


def test_a_call_is_confirmed_on_the_clock_it_was_chosen_on(client: Client) -> None:
    make_consultant(time_zone="Australia/Sydney")
    visit = make_appointment_type(slug="call", channel=Channel.PHONE)
    request = visitor(1)
    listed = words(client.get(address(request), {"from": "2026-11-22"}).content)

    page = client.post(address(request), chosen(visit, None, start="2026-11-22T22:00Z"), follow=True).content

    assert "Sun 22 Nov 2026, 17:00New York, UTC−05:00" in listed
    assert "Your appointment Sun 22 Nov 2026, 17:00 (New York, UTC−05:00)" in words(page)
    assert request.appointments.get().visitor_zone == ""


def moving(visit: AppointmentType, zone: str) -> tuple[Appointment, str]:
    """Book a call as a visitor in that zone did, and return it with the address to move it."""
    make_consultant(time_zone="Australia/Sydney")
    booked = appointments.book(visitor(1), wanted_slot(visit, starts_at=NIGHT, visitor_zone=zone), now=NOW)
    return booked, address(booked.request)


def test_moving_begins_on_the_clock_the_visitor_named_and_keeps_it(client: Client) -> None:
    visit = make_appointment_type(slug="call", channel=Channel.PHONE)
    booked, times = moving(visit, "Europe/Paris")

    page = client.get(times, {"from": "2026-11-22"}).content.decode()
    client.post(times, chosen(visit, None, start="2026-11-22T22:30Z", moves=booked.pk))

    assert '<option value="Europe/Paris" selected>' in page
    assert "Sun 22 Nov 2026, 23:30Paris, UTC+01:00" in words(page)
    moved = booked.request.appointments.active().get()
    assert (moved.moved_from, moved.visitor_zone) == (booked, "Europe/Paris")


def test_who_names_no_clock_when_moving_is_asked_for_none_again(client: Client) -> None:
    visit = make_appointment_type(slug="call", channel=Channel.PHONE)
    booked, times = moving(visit, "Europe/Paris")

    page = client.get(times, {"zone": "", "from": "2026-11-22"}).content.decode()
    client.post(times, chosen(visit, None, start="2026-11-22T22:30Z", moves=booked.pk, zone=""))

    assert "Sun 22 Nov 2026, 17:30New York, UTC−05:00" in words(page)
    # In the form that chooses, and in that of the waiting list.
    assert page.count('<input type="hidden" name="zone" value="">') == 2
    assert booked.request.appointments.active().get().visitor_zone == ""


def test_held_call_is_booked_on_the_clock_it_was_held_on(client: Client) -> None:
    make_consultant(time_zone="Australia/Sydney")
    visit, request = make_appointment_type(slug="call", channel=Channel.PHONE), visitor(1)
    appointments.hold(request, wanted_slot(visit, starts_at=NIGHT, visitor_zone="Europe/Paris"), now=NOW)

    page = client.get(address(request)).content.decode()

    assert "Sun 22 Nov 2026, 23:00 (Paris, UTC+01:00)" in words(page)
    assert '<input type="hidden" name="zone" value="Europe/Paris">' in page


def test_a_held_time_is_hidden_from_others_and_back_when_let_go(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    other, at = visitor(2, center=center), {"from": "2026-11-23"}

    page = client.post(address(request_, "times-hold"), chosen(visit, center), follow=True).content.decode()

    assert "A time is held for you" in page
    assert "until <strong>07:10</strong> (New York time)" in page
    assert VALUE not in client.get(address(other), at).content.decode()
    client.post(address(request_, "times-release"))
    assert VALUE in client.get(address(other), at).content.decode()


def test_a_hold_that_ran_out_still_books_when_free_and_offers_others_when_not(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    other = visitor(2, center=center)
    for request in (request_, other):
        client.post(address(request, "times-hold"), chosen(visit, center))
        Appointment.objects.held().filter(request=request).update(hold_expires_at=NOW - HALF_HOUR)
    page = client.get(address(other)).content.decode()

    answers = [client.post(address(request), chosen(visit, center)) for request in (other, request_)]

    assert "A time you held" in page
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "one press books it" in answers[1].content.decode()


def test_moving_is_choosing_again_and_the_old_time_stands_until_then(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    client.post(address(request_), chosen(visit, center))
    old = request_.appointments.get()
    page = client.get(address(request_), {"from": "2026-11-23"}).content.decode()

    answers = [
        client.post(address(request_), chosen(visit, center, start="2026-11-23T15:30Z", moves=old.pk)) for _ in range(2)
    ]

    assert "Move your appointment" in page
    assert f'name="moves" value="{old.pk}"' in page
    assert "Hold for" not in page
    assert [answer.status_code for answer in answers] == [303, 303]
    new = request_.appointments.active().get()
    assert (new.starts_at, new.moved_from, new.sequence) == (MONDAY + HALF_HOUR, old, 1)
    private = words(client.get(request_.get_private_url()).content)
    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00): moved to another time" in private


def test_moving_to_a_taken_time_keeps_the_old_one(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    old = appointments.book(request_, wanted_slot(visit, center), now=NOW)
    appointments.book(visitor(2), wanted_slot(visit, center, starts_at=MONDAY + HALF_HOUR), now=NOW)

    response = client.post(address(request_), chosen(visit, center, start="2026-11-23T15:30Z", moves=old.pk))

    old.refresh_from_db()
    assert response.status_code == 409
    assert "one press books it" in response.content.decode()
    assert (old.status, old.starts_at) == ("confirmed", MONDAY)


def test_a_forgotten_tab_does_not_move_what_was_booked_meanwhile(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    appointments.book(request_, wanted_slot(visit, center), now=NOW)

    response = client.post(address(request_), chosen(visit, center, start="2026-11-23T15:30Z"))

    assert response.status_code == 409
    assert "You already have an appointment. To move it, choose another time here." in response.content.decode()
    assert request_.appointments.get().starts_at == MONDAY


def test_a_second_request_of_the_same_person_gets_the_first_ones_link_by_mail_only(
    client: Client, visit: AppointmentType, center: Center
) -> None:
    first = factories.make_request(email="ada@visitor.example", center=center)
    second = factories.make_request(email="ADA+again@visitor.example", center=center)
    appointments.book(first, wanted_slot(visit, center), now=NOW)

    responses = [client.post(address(second), chosen(visit, center, start="2026-11-24T15:00Z")) for _ in range(2)]

    page = responses[0].content.decode()
    assert [response.status_code for response in responses] == [409, 409]
    assert "We have emailed its link" in page
    assert "23 Nov 2026, 10:00 (" not in page
    assert private_link.token_for(first.link_id) not in page
    mail = Message.objects.get(kind=MessageKind.VISITOR_EXISTING)
    assert (mail.request, mail.recipient) == (first, "ada@visitor.example")


def test_inside_the_cutoff_there_is_a_phone_number_and_no_button(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    booked = appointments.book(request_, wanted_slot(visit, center), now=NOW)

    with time_machine.travel(MONDAY - dt.timedelta(minutes=119), tick=False):
        private = client.get(request_.get_private_url()).content.decode()
        pages = [client.get(address(request_, name)).content.decode() for name in ("times", "cancel")]
        moved = client.post(address(request_), chosen(visit, center, start="2026-11-24T15:00Z", moves=booked.pk))
        cancelled = client.post(address(request_, "cancel"), {"appointment": booked.pk})

    booked.refresh_from_db()
    assert booked.status == "confirmed"
    assert [moved.status_code, cancelled.status_code] == [409, 409]
    assert address(request_, "cancel") not in private
    for page in (private, *pages, moved.content.decode(), cancelled.content.decode()):
        assert "tel:+12025550177" in page
    assert all("<button" not in page.split("<main")[1] for page in pages)


def test_promised_cutoff_stands_when_the_kind_of_visit_is_edited(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    appointments.book(request_, wanted_slot(visit, center), now=NOW)
    promised = "You can move or cancel it here until Mon 23 Nov 2026, 08:00 (New York, UTC−05:00)."
    before = words(client.get(request_.get_private_url()).content)

    AppointmentType.objects.update(cutoff_minutes=20 * 24 * 60)

    after = words(client.get(request_.get_private_url()).content)
    cancelled = client.post(address(request_, "cancel"))
    assert (promised in before, promised in after) == (True, True)
    assert (cancelled.status_code, request_.appointments.get().status) == (303, "cancelled")


def test_cancelling_asks_first_and_keeps_the_reason(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    booked = appointments.book(request_, wanted_slot(visit, center), now=NOW)
    ask = client.get(address(request_, "cancel")).content.decode()

    answers = [
        client.post(address(request_, "cancel"), {"appointment": booked.pk, "reason": "Away"}, follow=True)
        for _ in range(2)
    ]

    booked.refresh_from_db()
    assert "Cancel your appointment?" in ask
    assert (booked.status, booked.cancel_reason, booked.sequence) == ("cancelled", "Away", 1)
    assert "Your appointment is cancelled." in words(answers[0].content)
    assert "That appointment was cancelled already." in words(answers[1].content)
    assert "10:00 (New York, UTC−05:00): cancelled" in words(answers[1].content)
    assert "Away" not in words(answers[1].content)
    assert Message.objects.filter(kind=MessageKind.VISITOR_CANCELLED).count() == 1


def test_a_forgotten_cancel_page_does_not_cancel_the_next_appointment(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    first = appointments.book(request_, wanted_slot(visit, center), now=NOW)
    appointments.cancel(first, now=NOW)
    second = appointments.book(request_, wanted_slot(visit, center, starts_at=MONDAY + HALF_HOUR), now=NOW)

    client.post(address(request_, "cancel"), {"appointment": first.pk})

    second.refresh_from_db()
    assert second.status == "confirmed"


def test_declined_is_told_in_words_without_the_reason(client: Client, center: Center) -> None:
    visit, request = make_appointment_type(needs_confirmation=True), visitor(1, center=center)
    booked = appointments.book(request, wanted_slot(visit, center), now=NOW)
    appointments.decline(booked, by=factories.make_staff(), now=NOW + HALF_HOUR, reason="Ana is ill")

    page = words(client.get(request.get_private_url()).content)

    assert "10:00 (New York, UTC−05:00): we could not confirm this time" in page
    assert "Ana is ill" not in page
    assert "Choose your time now" in page


@pytest.mark.parametrize("name", ["times", "times-hold", "times-release", "cancel", "calendar"])
def test_a_forged_link_is_a_404(client: Client, request_: ConsultationRequest, name: str) -> None:
    token = private_link.token_for(request_.link_id)
    forged = reverse(f"consultations:{name}", args=[token[:-1] + ("A" if token[-1] != "A" else "B")])

    assert client.get(forged).status_code == 404
    assert client.post(forged).status_code in {404, 405}
