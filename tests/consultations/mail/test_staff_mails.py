"""Word to staff of who has a request: it names staff and a reference, never the visitor."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.mail import messages
from consultations.models import Message
from consultations.privacy import exporting
from consultations.requests import claims, moving
from consultations.statuses import MessageKind
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db


def test_whoever_lost_and_whoever_got_it_are_told_but_for_who_did_it() -> None:
    request, boss = make_request(), make_staff("Managers", email="boss@fern.example")
    rosa, ben = (make_staff("Triage", email=f"{name}@fern.example") for name in ("rosa", "ben"))

    moving.assign(request, to=rosa, by=boss, seen=None, now=NOW)
    moving.assign(request, to=ben, by=boss, seen=rosa, now=NOW)
    moving.assign(request, to=boss, by=boss, seen=ben, now=NOW)

    told = Message.objects.filter(kind=MessageKind.STAFF_ASSIGNED).order_by("id").values_list("recipient", flat=True)
    assert list(told) == ["rosa@fern.example", "ben@fern.example", "rosa@fern.example", "ben@fern.example"]


def test_whoever_has_no_address_or_left_is_told_nothing() -> None:
    request = make_request()
    rosa, ben = make_staff("Triage", email=""), make_staff("Triage", email="ben@fern.example", is_active=False)

    moving.assign(request, to=rosa, by=make_staff("Managers"), seen=None, now=NOW)
    moving.assign(request, to=ben, by=rosa, seen=rosa, now=NOW)

    assert not Message.objects.filter(kind=MessageKind.STAFF_ASSIGNED).exists()


def test_mail_says_who_has_it_now_and_nothing_of_the_visitor() -> None:
    make_clinic()
    request = make_request(name="Leaky Visitor", message="Leaky words", email="leaky@visitor.example")
    rosa, ben = make_staff("Triage", email="rosa@fern.example"), make_staff("Triage", first_name="Ben")
    claims.claim(request, by=rosa, now=NOW)
    claims.take_over(request, seen=rosa, by=ben, now=NOW)

    mail = messages.build(Message.objects.get(kind=MessageKind.STAFF_ASSIGNED))

    assert (mail.to, mail.subject) == (["rosa@fern.example"], f"{request.reference}: who has it")
    whole = f"{mail.subject} {mail.body} {mail.alternatives}"
    assert str(mail.body).startswith(
        f"Ben has request {request.reference} now.\nTaken over from {rosa.username} by Ben.\n"
    )
    assert "leaky" not in whole.lower()


def test_mail_says_who_gave_it_and_that_there_is_a_note_but_not_what_it_says() -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage", email="rosa@fern.example", first_name="Rosa")
    jo = make_staff("Triage", first_name="Jo")
    claims.claim(request, by=jo, now=NOW)
    claims.hand_over(request, to=rosa, seen=jo, note="Leaky words", by=jo, now=NOW + dt.timedelta(minutes=1))

    body = str(messages.build(Message.objects.get(kind=MessageKind.STAFF_ASSIGNED)).body)

    assert body.splitlines()[1] == "Given to Rosa by Jo. A note is with it."
    assert "Leaky" not in body


def test_visitor_is_not_handed_the_addresses_of_staff() -> None:
    request = make_request()
    rosa = make_staff("Triage", email="rosa@fern.example")
    moving.assign(request, to=rosa, by=make_staff("Managers"), seen=None, now=NOW)

    assert "rosa@fern.example" not in str(exporting.everything(request))
