"""The desk's buttons that erase a request now and close its private link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from consultations.links import private_link
from consultations.mail import messages
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.privacy import retention
from consultations.statuses import ActivityKind, AppointmentStatus, MessageKind
from content.models import ClinicProfile
from tests.booking_factories import make_appointment
from tests.consultations.admin.test_buttons import address, login, told
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db


def snapshot() -> list[object]:
    """Return every request, mail and appointment as it stands."""
    return [sorted(Model.objects.values_list()) for Model in (ConsultationRequest, Message, Appointment)]


def test_page_before_erasing_says_what_goes_and_what_stays_and_changes_nothing(client: Client) -> None:
    request = make_request(name="Ada Visitor", phone="+1 202 555 0143", phone_e164="+12025550143")
    before = snapshot()
    login(client, "Managers")

    response = client.get(address(request, "erase"))

    page = response.content.decode()
    assert (response.status_code, response.context["goes"]) == (
        200,
        ["name", "email address", "phone number", "1 × recipient of a mail", "3 × text that was shown"],
    )
    assert "What stays" in page
    assert "the reference, and the private page" in page
    assert snapshot() == before


def test_page_before_erasing_names_the_appointment_that_would_be_cancelled(client: Client) -> None:
    request = make_request()
    appointment = make_appointment(request=request, starts_at=dt.datetime(2099, 1, 5, 15, tzinfo=dt.UTC))
    login(client, "Managers")

    page = client.get(address(request, "erase"))
    client.post(address(request, "erase"))

    appointment.refresh_from_db()
    assert page.context["to_come"] == appointment
    assert "No mail tells the visitor so" in page.content.decode()
    assert appointment.status == AppointmentStatus.CANCELLED


def test_request_is_erased_now_in_the_name_of_who_pressed_the_button(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(name="Ada Visitor")
    link = request.get_private_url()
    manager = login(client, "Managers")

    response = client.post(address(request, "erase"), follow=True)

    request.refresh_from_db()
    assert (request.name, request.email) == (retention.NOBODY, "")
    assert told(response) == ["The request is erased."]
    assert "Ada Visitor" not in response.content.decode()
    assert request.activities.get(kind=ActivityKind.ERASURE).by == manager
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", "Triage"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_erasing_is_for_managers_only(client: Client, group: str, method: str) -> None:
    request = make_request()
    login(client, group)

    response = getattr(client, method)(address(request, "erase"))

    request.refresh_from_db()
    assert (response.status_code, request.erased_at) == (403, None)


def test_triage_is_not_offered_what_only_managers_may_do(client: Client) -> None:
    request = make_request()
    offered = []

    for group in ("Triage", "Managers"):
        login(client, group)
        page = client.get(address(request)).content.decode()
        offered.append((address(request, "erase") in page, address(request, "revoke") in page))

    assert offered == [(False, True), (True, True)]


def test_erasing_twice_says_that_it_is_done(client: Client) -> None:
    request = make_request()
    login(client, "Managers")
    client.post(address(request, "erase"))

    asked, again = client.get(address(request, "erase")), client.post(address(request, "erase"))

    assert "There is nothing left to erase." in asked.content.decode()
    assert "Erase it now" not in asked.content.decode()
    assert (again.status_code, told(again)) == (409, ["This request was erased. Nothing was saved."])
    assert request.activities.filter(kind=ActivityKind.ERASURE).count() == 1


def test_legal_hold_is_told_and_keeps_the_request(client: Client) -> None:
    request = make_request(name="Ada Visitor")
    ConsultationRequest.objects.filter(pk=request.pk).update(legal_hold=True)
    login(client, "Managers")

    asked, tried = client.get(address(request, "erase")), client.post(address(request, "erase"))

    request.refresh_from_db()
    assert "A legal hold keeps this request." in asked.content.decode()
    assert "Erase it now" not in asked.content.decode()
    assert (tried.status_code, request.name) == (422, "Ada Visitor")


@pytest.mark.parametrize("which", ["erase", "revoke"])
def test_unknown_request_is_not_found(client: Client, which: str) -> None:
    request = make_request()
    path = address(request, which).replace(f"/{request.pk}/", "/0/")
    login(client, "Managers")

    assert client.post(path, {"seen": "x"}).status_code == 404


def test_revoked_link_opens_nothing_and_the_next_mail_carries_another(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()
    old, seen = request.get_private_url(), private_link.mark_of(request.link_id)
    user = login(client, "Triage")

    response = client.post(address(request, "revoke"), {"seen": seen}, follow=True)

    request.refresh_from_db()
    mail = str(messages.build(Message.objects.get(request=request, kind=MessageKind.VISITOR_RECEIVED)).body)
    assert told(response) == ["The private link is closed. The next mail to the visitor carries a new one."]
    assert (old in mail, request.get_private_url() in mail) == (False, True)
    assert [client.get(link).status_code for link in (old, request.get_private_url())] == [404, 200]
    assert request.activities.get(kind=ActivityKind.NOTE).by == user


def test_second_click_does_not_close_the_new_link(client: Client) -> None:
    request = make_request()
    seen = private_link.mark_of(request.link_id)
    login(client, "Triage")
    client.post(address(request, "revoke"), {"seen": seen}, follow=True)
    request.refresh_from_db()
    new = request.link_id

    again = client.post(address(request, "revoke"), {"seen": seen})

    request.refresh_from_db()
    assert (again.status_code, request.link_id) == (409, new)
    assert told(again) == ["This private link is closed already. Nothing more was changed."]
    assert request.activities.filter(kind=ActivityKind.NOTE).count() == 1


def test_revoking_by_get_by_strangers_or_without_a_link_changes_nothing(client: Client) -> None:
    request = make_request()
    before = request.link_id
    seen = private_link.mark_of(before)
    login(client, "Triage")
    by_get, without = client.get(address(request, "revoke")), client.post(address(request, "revoke"))
    login(client, "Editors")
    by_editor = client.post(address(request, "revoke"), {"seen": seen})

    request.refresh_from_db()
    assert [one.status_code for one in (by_get, without, by_editor)] == [405, 422, 403]
    assert request.link_id == before


def test_link_of_an_erased_request_is_not_revoked(client: Client) -> None:
    request = make_request()
    retention.erase(request, by=make_staff(), now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "revoke"), {"seen": private_link.mark_of(request.link_id)})

    assert response.status_code == 409
    assert private_link.token_for(request.link_id) not in response.content.decode()


def test_page_of_the_desk_does_not_hold_the_link_itself(client: Client) -> None:
    request = make_request()
    login(client, "Managers")

    page = client.get(address(request)).content.decode()

    assert (request.link_id in page, private_link.mark_of(request.link_id) in page) == (False, True)
