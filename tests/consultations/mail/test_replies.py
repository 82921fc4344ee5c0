"""Mails that staff write: filled in, refused where they may not leave, threaded, sent once, and kept encrypted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.mail import messages, replies
from consultations.models import CannedReply, ConsultationRequest, Message, Reply
from consultations.privacy import exporting, retention
from consultations.requests import calls, claims, moving
from consultations.statuses import ActivityKind, CallOutcome, MessageKind, MessageState, NextStep, Status
from content.models import ClaimRule
from content.proofreading import book, reading
from tests import factories
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db


def send(request: ConsultationRequest, by: User, **kwargs: Any) -> Message:
    """Send a boring mail."""
    values: dict[str, Any] = {"subject": "Your question", "body": "We will call you tomorrow.", "seen": 0}
    return replies.send(request, **values | kwargs, by=by, now=NOW)


def test_variables_are_filled_in() -> None:
    make_clinic()
    request = make_request(name="Ada Lovelace", center=factories.make_center(name="Fern Springfield"))
    rosa = make_staff("Triage", first_name="Rosa")
    text = "{{ name }}|{{reference}}|{{  clinic }}|{{ center }}|{{ phone }}|{{ staff }}"

    filled = replies.fill(text, request=request, by=rosa)

    expected = f"Ada Lovelace|{request.reference}|Fern Clinics|Fern Springfield|+1 202-555-0143|Rosa"
    assert filled == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hello {{ name }}", []),
        ("Hello {{ nmae }}", ["nmae"]),
        ("{{ name }", ["{{"]),
        ("name }}", ["}}"]),
        ("{{}}", [""]),
        ("{{ name.__class__ }}", ["name.__class__"]),
        ("{% debug %}", []),
        ("{{ {{ name }} }}", ["{{", "}}"]),
    ],
)
def test_unknown_variables_are_named(text: str, names: list[str]) -> None:
    assert replies.unknown(text) == names


def test_mail_with_an_unknown_variable_or_a_forbidden_claim_or_no_words_is_not_sent() -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage")
    factories.make_claim_rule(slug="cure", patterns="cure", reason="Nobody can promise that.")

    refused = []
    for words in (
        {"body": "Hello {{ nmae }}"},
        {"body": "We cure you."},
        # Of a clinic without a number nothing stands in its place.
        {"body": "We cu{{ phone }}re you."},
        {"subject": " "},
        {"body": "\n"},
    ):
        with pytest.raises(NotAllowed) as refusal:
            send(request, rosa, **words)
        refused.append(str(refusal.value))

    assert "Unknown: nmae." in refused[0]
    assert refused[1] == "“We cure you”: Nobody can promise that."
    assert [words.count("Nobody can promise that.") for words in refused] == [0, 1, 1, 0, 0]
    assert not Message.objects.filter(kind=MessageKind.VISITOR_REPLY).exists()
    assert ClaimRule.objects.exists()


def test_whoever_writes_keeps_the_request() -> None:
    make_clinic(claim_minutes=30)
    request, rosa = make_request(), make_staff("Triage")
    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=make_staff("Triage"), now=NOW)
    assert request.assignee is not None
    claims.take_over(request, seen=request.assignee, by=rosa, now=NOW)
    assert request.claim_until == NOW + dt.timedelta(minutes=30)

    send(request, rosa)

    kept = ConsultationRequest.objects.get()
    assert (kept.assignee, kept.claim_until) == (rosa, None)


def test_sent_mail_is_queued_kept_encrypted_and_told_of_in_history() -> None:
    make_clinic()
    request, rosa = make_request(email="ada@visitor.example"), make_staff("Triage")

    message = send(request, rosa, body="About {{ reference }}: <b>Secret</b> words.")

    reply = Reply.objects.get()
    assert (message.recipient, message.state, reply.by) == ("ada@visitor.example", MessageState.QUEUED, rosa)
    assert reply.body == f"About {request.reference}: <b>Secret</b> words."
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, body FROM consultations_reply")
        stored = str(cursor.fetchall())
    assert ("Secret" in stored, "question" in stored) == (False, False)
    line = request.activities.filter(kind=ActivityKind.MESSAGE).last()
    assert line is not None
    assert (line.by, line.text) == (rosa, f"Your question\n\n{reply.body}")


def test_sent_mail_stops_the_clock_and_lets_us_wait_for_the_visitor() -> None:
    make_clinic()
    request = make_request()

    send(request, make_staff("Triage"))

    assert (request.status, request.first_contact_at) == (Status.ATTEMPTED, NOW)
    assert request.next_step == NextStep.VISITOR


@pytest.mark.parametrize("discreet", [True, False])
def test_mail_shows_its_words_escaped_and_its_subject_where_that_is_not_discreet(*, discreet: bool) -> None:
    make_clinic(discreet_mail=discreet)
    request = make_request()

    mail = messages.build(send(request, make_staff("Triage"), body="1 < 2 & <script>x</script>\n\nBye"))

    subject = "A message from Fern" if discreet else "Your question"
    html = str(mail.alternatives[0][0])
    assert mail.subject == f"{subject} ({request.reference})"
    assert ("1 < 2 & <script>x</script>" in str(mail.body), "<script>" in html, "&lt;script&gt;" in html) == (
        True,
        False,
        True,
    )


def test_mail_is_threaded_below_what_the_visitor_has_got_and_is_no_machines() -> None:
    make_clinic()
    request, rosa = make_request(email="ada@visitor.example"), make_staff("Triage")
    received = Message.objects.get(request=request, kind=MessageKind.VISITOR_RECEIVED)
    Message.objects.filter(pk=received.pk).update(state=MessageState.SENT, sent_at=NOW)
    first = send(request, rosa)
    Message.objects.filter(pk=first.pk).update(state=MessageState.SENT, sent_at=NOW)
    second = send(request, rosa, seen=1)

    mails = [messages.build(one) for one in (received, first, second)]

    ids = [mail.extra_headers["Message-ID"] for mail in mails]
    assert len(set(ids)) == 3
    assert [mail.extra_headers.get("References") for mail in mails] == [None, ids[0], f"{ids[0]} {ids[1]}"]
    assert mails[2].extra_headers["In-Reply-To"] == ids[1]
    assert ["Auto-Submitted" in mail.extra_headers for mail in mails] == [True, False, False]


def test_preview_is_the_mail_and_writes_nothing() -> None:
    make_clinic(discreet_mail=False)
    request, rosa = make_request(), make_staff("Triage")
    before = Message.objects.count()

    mail = replies.preview(request, subject="For {{ name }}", body="Hello {{ name }}", by=rosa, now=NOW)

    assert mail.subject == f"For Ada ({request.reference})" or request.name in mail.subject
    assert (Message.objects.count(), Reply.objects.count()) == (before, 0)
    assert request.name in str(mail.body)


def test_second_press_sends_nothing() -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage")
    send(request, rosa)

    with pytest.raises(ChangedMeanwhile):
        send(request, rosa)

    assert replies.count(request) == 1


def test_who_left_no_address_is_closed_or_erased_is_not_written_to() -> None:
    make_clinic()
    rosa = make_staff("Triage")
    by_phone = make_request(email="", phone="+12025550143", phone_e164="+12025550143")
    closed, erased = make_request(email="a@visitor.example"), make_request(email="b@visitor.example")
    moving.move(closed, to=Status.LOST, by=rosa, seen=Status.NEW, now=NOW, reason="Moved away")
    retention.erase(erased, by=None, now=NOW)

    for request, refusal in ((by_phone, NotAllowed), (closed, NotAllowed), (erased, Erased)):
        with pytest.raises(refusal):
            send(request, rosa)

    assert not Reply.objects.exists()


def test_words_go_with_the_request_and_are_handed_out_before() -> None:
    make_clinic()
    request = make_request()
    send(request, make_staff("Triage"), body="Secret words.")
    handed = exporting.everything(ConsultationRequest.objects.get())["mails"]

    assert "1 × mail written by staff" in retention.preview([request])[0]
    retention.erase(request, by=None, now=NOW)

    assert [mail["body"] for mail in handed if "body" in mail] == ["Secret words."]
    assert not Reply.objects.exists()


def test_a_canned_reply_that_says_what_a_new_rule_forbids_is_found_with_all_that_is_public() -> None:
    texts_of = {"subject": "Your visit", "body": "Our exosomes cure arthritis."}
    CannedReply.objects.create(name="Old", **texts_of)
    CannedReply.objects.create(name="Switched off", active=False, **texts_of)

    found = [(each.where, each.field) for each in reading.public(NOW, book.sample())]

    assert found == [("canned reply Old", "body")]
