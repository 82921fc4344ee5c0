"""The page that confirms an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.booking import appointments, schedule
from consultations.evidence import consents
from consultations.links import confirm_link, private_link
from consultations.mail import messages
from consultations.models import ConsultationRequest, Message
from consultations.privacy import holding, selfservice
from consultations.statuses import AppointmentStatus, ConsentPurpose, MessageKind
from tests import booking_factories as booking
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


def asking(**kwargs: Any) -> ConsultationRequest:
    return factories.make_request(confirmed=False, now=timezone.now(), **kwargs)


def address(request: ConsultationRequest, issued: dt.datetime | None = None) -> str:
    token = confirm_link.token_for(request.pk, request.contact_version, issued=issued or timezone.now())
    return reverse("consultations:confirm", args=[token])


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(client: Client, method: str) -> None:
    request = asking()

    response = getattr(client, method)(address(request))

    assert response.status_code == 200
    request.refresh_from_db()
    assert (request.email_confirmed_at, request.contact_version) == (None, 0)


def test_the_button_confirms_and_leads_to_the_new_private_page(client: Client) -> None:
    request = asking()
    link, old = address(request), request.get_private_url()

    response = client.post(link)

    request.refresh_from_db()
    assert request.email_confirmed_at is not None
    assert (response.status_code, response["Location"]) == (303, f"{request.get_private_url()}?done=confirmed")
    assert client.get(old).status_code == 404
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_used_link_says_so_and_gives_nothing_away(client: Client, method: str) -> None:
    request = asking()
    link = address(request)
    client.post(link)
    request.refresh_from_db()

    response = getattr(Client(), method)(link)

    page = response.content.decode()
    assert (response.status_code, "<h1>This link was used already</h1>" in page) == (404, True)
    kept = (request.name, request.email, request.reference, request.get_private_url(), request.former_link_id)
    assert [secret for secret in kept if secret in page] == []


def test_a_link_whose_successor_was_used_and_a_forged_one_do_not_say_that_they_were(client: Client) -> None:
    request = asking()
    first = address(request)
    client.post(
        reverse("consultations:private-contact", args=[private_link.token_for(request.link_id)]),
        {"email": "ada@work.example"},
    )
    request.refresh_from_db()
    replaced = client.get(first).content.decode()
    client.post(address(request))

    pages = [replaced, *(client.get(one).content.decode() for one in (first, f"{first[:-4]}x{first[-3:]}"))]

    assert ["used already" in page for page in pages] == [False, False, False]


def test_a_link_to_an_address_that_was_changed_since_confirms_nothing(client: Client) -> None:
    request = asking()
    link = address(request)
    client.post(
        reverse("consultations:private-contact", args=[private_link.token_for(request.link_id)]),
        {"email": "ada@work.example"},
    )

    assert client.post(link).status_code == 404
    request.refresh_from_db()
    assert (request.email, request.email_confirmed_at) == ("ada@work.example", None)


def test_a_link_of_two_weeks_ago_confirms_nothing(client: Client) -> None:
    request = asking()

    assert client.post(address(request, timezone.now() - dt.timedelta(days=14))).status_code == 404


def test_this_was_not_me_erases_a_request_that_has_no_other_contact(client: Client) -> None:
    request = asking()

    response = client.post(address(request), {"not-me": "1"})

    request.refresh_from_db()
    assert response.status_code == 200
    assert (request.email, request.erased_at is not None) == ("", True)


def test_this_was_not_me_changes_nothing_of_a_request_that_the_law_asks_to_keep(client: Client) -> None:
    request = asking()
    holding.put_on_hold(request, held=True, reason="A claim.", by=factories.make_staff(), now=timezone.now())
    before = ConsultationRequest.objects.values().get()

    response = client.post(address(request), {"not-me": "1"})

    assert response.status_code == 409
    assert ConsultationRequest.objects.values().get() == before


def test_this_was_not_me_leaves_a_request_its_number_and_closes_its_link(client: Client) -> None:
    request = asking(phone="+12025550143", phone_e164="+12025550143")
    old = request.get_private_url()

    client.post(address(request), {"not-me": "1"})

    request.refresh_from_db()
    assert (request.email, request.phone, request.erased_at) == ("", "+12025550143", None)
    assert client.get(old).status_code == 404


def test_a_changed_address_takes_over_once_confirmed_and_the_old_one_is_told(client: Client) -> None:
    request = factories.make_request(now=timezone.now())
    selfservice.correct_contact(request, selfservice.Correction(email="ada@work.example"), now=timezone.now())
    assert (request.email, request.pending_email) == ("ada@visitor.example", "ada@work.example")

    client.post(address(request))

    request.refresh_from_db()
    assert (request.email, request.pending_email) == ("ada@work.example", "")
    told = Message.objects.get(kind=MessageKind.VISITOR_ADDRESS)
    assert told.recipient == "ada@visitor.example"


def test_the_mail_carries_a_link_for_its_own_recipient_only(client: Client) -> None:
    request = asking()
    received = request.messages.get(kind=MessageKind.VISITOR_RECEIVED)
    assert "/consultation/confirm/" in messages.build(received).body
    ConsultationRequest.objects.filter(pk=request.pk).update(email="eve@visitor.example")

    received = Message.objects.select_related("request").get(pk=received.pk)
    assert "/consultation/confirm/" not in messages.build(received).body
    assert mail.outbox == []


def test_a_strangers_unsubscribe_leaves_the_owners_consent(client: Client) -> None:
    factories.make_clinic()
    owner = factories.make_request(agreed={ConsentPurpose.NEWSLETTER})
    stranger = asking()

    client.post(reverse("consultations:unsubscribe", args=[private_link.token_for(stranger.link_id)]))

    assert consents.stands(owner, ConsentPurpose.NEWSLETTER)


def test_booking_answers_the_same_whether_the_address_has_an_appointment_or_not(client: Client) -> None:
    center = factories.make_center()
    booking.make_consultant(center)
    visit = booking.make_appointment_type()
    now = timezone.now()
    starts = [offer.starts_at for offer in schedule.offers(visit, center=center, now=now)]
    appointments.book(factories.make_request(now=now), booking.wanted_slot(visit, center, starts_at=starts[0]), now=now)
    known, unknown = asking(), asking(email="nobody@visitor.example")

    answers = []
    for request, start in zip([known, unknown], starts[2:4], strict=True):
        token = private_link.token_for(request.link_id)
        posted = {"visit": visit.slug, "center": center.slug, "start": start.isoformat()}
        response = client.post(reverse("consultations:times", args=[token]), posted)
        answers.append(
            (response.status_code, response["Location"].partition("?")[2], request.appointments.get().status)
        )

    assert answers == [(303, "done=unconfirmed", AppointmentStatus.UNCONFIRMED)] * 2


@pytest.mark.parametrize("token", ["genuine", "forged"])
def test_asking_for_a_fresh_link_says_the_same_whether_there_is_a_request(client: Client, token: str) -> None:
    request = factories.make_request(now=timezone.now() - dt.timedelta(days=31))
    genuine = private_link.token_for(request.link_id)
    sent = genuine if token == "genuine" else genuine[:-1] + ("A" if genuine[-1] != "A" else "B")
    assert client.get(reverse("consultations:private", args=[sent])).status_code == 404

    response = client.post(reverse("consultations:private-fresh", args=[sent]))

    request.refresh_from_db()
    assert (response.status_code, "a new private link is on its way" in response.content.decode()) == (200, True)
    assert Message.objects.filter(kind=MessageKind.VISITOR_LINK).count() == (token == "genuine")
    assert (request.link_id != private_link.link_id_from(genuine)) == (token == "genuine")
