"""Writing to a visitor on a request's page: begin with a canned reply, look at it, send it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import CannedReply, ConsultationRequest, Message, Reply
from consultations.privacy import retention
from consultations.statuses import MessageKind
from tests import factories
from tests.desk import address, login, told
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db

ADD = reverse("admin:consultations_cannedreply_add")


def written(**kwargs: Any) -> dict[str, Any]:
    """Return what the form sends."""
    return {"subject": "Your question", "body": "We will call you tomorrow.", "seen": "0", "press": "send"} | kwargs


def make_reply(**kwargs: Any) -> CannedReply:
    """Write a canned reply."""
    values = {"name": "Call", "subject": "Our call", "body": "Hello {{ name }}, about {{ reference }}."}
    return CannedReply.objects.create(**values | kwargs)


def test_canned_reply_fills_the_form(client: Client) -> None:
    make_clinic()
    request, reply = make_request(name="Ada Lovelace"), make_reply()
    login(client, "Triage")

    form = client.get(address(request), {"canned": reply.pk}).context["reply_form"]

    assert form.initial["body"] == f"Hello Ada Lovelace, about {request.reference}."


@pytest.mark.parametrize("asked", ["", "x", "999", "9" * 30])
def test_canned_reply_that_is_none_leaves_the_form_empty(client: Client, asked: str) -> None:
    make_clinic()
    make_reply(active=False)
    login(client, "Triage")

    context = client.get(address(make_request()), {"canned": asked}).context

    assert (context["reply_form"].initial, list(context["canned"])) == ({"seen": 0}, [])


def test_mail_is_looked_at_and_then_sent(client: Client) -> None:
    make_clinic(discreet_mail=True)
    request = make_request(email="ada@visitor.example")
    login(client, "Triage")

    seen = client.post(address(request, "reply"), written(press="preview"))
    assert (seen.context["mail"].subject, Reply.objects.count()) == (f"A message from Fern ({request.reference})", 0)
    assert request.get_private_url() not in seen.content.decode()
    sent = client.post(address(request, "reply"), written(), follow=True)

    assert told(sent) == "The mail is on its way."
    assert Message.objects.get(kind=MessageKind.VISITOR_REPLY).recipient == "ada@visitor.example"


@pytest.mark.parametrize("discreet", [True, False])
def test_preview_says_where_the_subject_that_was_typed_is_left_out(client: Client, *, discreet: bool) -> None:
    make_clinic(discreet_mail=discreet)
    request = make_request(name="Ada Lovelace", email="ada@visitor.example")
    login(client, "Triage")

    seen = client.post(address(request, "reply"), written(subject="To {{ name }}", press="preview"))

    assert ("To Ada Lovelace" in seen.context["mail"].subject) == (not discreet)
    assert ("Yours is not shown, as mails are discreet" in seen.content.decode()) == discreet


@pytest.mark.parametrize(
    ("press", "words"),
    [
        ("send", {"body": ""}),
        ("preview", {"subject": ""}),
        ("send", {"body": "{{ nmae }}"}),
        ("preview", {"body": "{{ nmae }}"}),
        ("send", {"seen": "x"}),
        ("preview", {"body": "x" * 8001}),
    ],
)
def test_mail_that_cannot_be_sent_is_refused_with_everything_typed(
    client: Client, press: str, words: dict[str, str]
) -> None:
    make_clinic()
    request = make_request()
    login(client, "Triage")
    sent = written(press=press, **words)

    response = client.post(address(request, "reply"), sent)

    assert (response.status_code, Reply.objects.count()) == (422, 0)
    assert response.context["reply_form"].initial["body"] == sent["body"]
    assert told(response) != ""


def test_mail_sent_twice_is_refused_the_second_time(client: Client) -> None:
    make_clinic()
    request = make_request()
    login(client, "Triage")
    client.post(address(request, "reply"), written())

    response = client.post(address(request, "reply"), written())

    assert (response.status_code, Reply.objects.count()) == (409, 1)


def test_mail_is_written_by_the_desk_only_and_not_to_who_was_erased(client: Client) -> None:
    make_clinic()
    request, erased = make_request(email="a@visitor.example"), make_request(email="b@visitor.example")
    retention.erase(erased, by=None, now=NOW)
    client.force_login(make_staff("Triage", places=[factories.make_center()]))
    foreign = [
        client.post(address(request, "reply"), written(press=press)).status_code for press in ("preview", "send")
    ]
    login(client, "Triage")
    gone = [client.post(address(erased, "reply"), written(press=press)).status_code for press in ("preview", "send")]
    asked = client.get(address(request, "reply")).status_code

    assert (foreign, gone, asked, Reply.objects.count()) == ([404, 404], [409, 409], 405, 0)


def test_who_left_no_address_or_is_closed_is_offered_no_form(client: Client) -> None:
    make_clinic()
    request = make_request(email="", phone="+12025550143", phone_e164="+12025550143")
    closed = make_request(email="b@visitor.example")
    ConsultationRequest.objects.filter(pk=closed.pk).update(status="lost")
    login(client, "Triage")

    assert ["reply_form" in client.get(address(one)).context for one in (request, closed)] == [False, False]


@pytest.mark.parametrize(("body", "kept"), [("Hello {{ name }}.", 1), ("Hello {{ nmae }}.", 0), ("We cure you.", 0)])
def test_canned_reply_is_kept_where_it_could_be_sent(client: Client, body: str, kept: int) -> None:
    factories.make_claim_rule(slug="cure", patterns="cure", reason="Nobody can promise that.")
    login(client, "Managers")

    client.post(ADD, {"name": "Call", "subject": "Our call", "body": body, "active": "on"})

    assert CannedReply.objects.count() == kept


def test_canned_replies_are_written_by_managers(client: Client) -> None:
    login(client, "Triage")

    assert client.get(ADD).status_code == 403
