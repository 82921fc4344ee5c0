"""Erasing people and keeping counts: by wish, by age, never on legal hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError

from consultations.exceptions import OnLegalHold
from consultations.links import digests
from consultations.mail import delivery
from consultations.models import ConsultationRequest, Identity, Message, TimeCell
from consultations.privacy import retention, selfservice
from consultations.requests import moving, people
from consultations.statuses import ActivityKind, AppointmentStatus, ConsentPurpose, MessageKind, MessageState
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_center, make_clinic, make_request, make_staff, make_therapy

LATER = NOW + dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


def make_full_request(**kwargs: Any) -> ConsultationRequest:
    """Write a request with something in every place that can hold something of a person."""
    make_clinic()
    answers: dict[str, Any] = {
        "name": "Ada Visitor",
        "email": "ada@visitor.example",
        "phone": "+1 202-555-0143",
        "phone_e164": "+12025550143",
        "best_time": "after tea",
        "message": "My knee",
        "source": "/articles/what-is-prp/, end of the page",
        "attribution": {"page": "/articles/what-is-prp/", "utm_campaign": "ada"},
        "language": "de-AT",
        "center": make_center(),
        "therapies": [make_therapy()],
        "agreed": set(ConsentPurpose),
    }
    request = make_request(**answers | kwargs)
    selfservice.add_note(request, text="And my elbow", now=NOW)
    moving.note(request, text="Ada sounded worried", by=make_staff(), now=NOW)
    return request


def text_of(sent: EmailMessage) -> str:
    """Return the whole of a mail, as it left."""
    return f"{sent.subject}\n{sent.message().as_string()}"


def test_erase_leaves_status_center_and_dates_and_nothing_else() -> None:
    request = make_full_request()
    before = ConsultationRequest.objects.get(pk=request.pk)

    assert retention.erase(request, by=None, now=LATER) is True

    kept = ("status", "center_id", "received_at", "respond_by", "first_contact_at", "assignee_id", "spam_score")
    assert [getattr(request, name) for name in kept] == [getattr(before, name) for name in kept]
    emptied = (
        "email",
        "phone",
        "phone_e164",
        "best_time",
        "message",
        "source",
        "language",
        "body_digest",
        "spam_reasons",
    )
    assert {getattr(request, name) for name in emptied} == {""}
    assert (request.name, request.attribution, request.person) == ("Erased", {}, None)
    replaced = ("reference", "key", "link_id")
    assert not {getattr(before, name) for name in replaced} & {getattr(request, name) for name in replaced}
    assert {activity.text for activity in request.activities.all()} == {""}
    assert [request.therapies.count(), request.shown.count(), request.consents.count()] == [0, 0, 0]
    assert request.erased_at == LATER


def test_erase_keeps_history_rows_and_adds_its_own() -> None:
    request, by = make_full_request(), make_staff()
    before = [(one.kind, one.at, one.by_id) for one in request.activities.all()]

    retention.erase(request, by=by, now=LATER)

    after = [(one.kind, one.at, one.by_id) for one in request.activities.all()]
    assert after == [*before, (ActivityKind.ERASURE, LATER, by.pk)]


def test_erase_twice_is_once() -> None:
    request = make_full_request()
    retention.erase(request, by=None, now=LATER)
    reference = request.reference

    assert retention.erase(request, by=None, now=LATER + dt.timedelta(days=1)) is False
    request.refresh_from_db()
    assert (request.reference, request.erased_at) == (reference, LATER)


def test_erase_on_legal_hold_refuses_in_words_and_changes_nothing() -> None:
    request = make_full_request()
    ConsultationRequest.objects.filter(pk=request.pk).update(legal_hold=True)

    with pytest.raises(OnLegalHold, match="because the law asks for it"):
        retention.erase(request, by=None, now=LATER)

    request.refresh_from_db()
    assert (request.name, request.message) == ("Ada Visitor", "My knee")


def test_erase_stops_the_visitors_mails_and_forgets_where_they_went() -> None:
    request = make_full_request()
    staff_inbox = request.messages.get(kind=MessageKind.STAFF_NEW).recipient

    retention.erase(request, by=None, now=LATER)

    stands = {message.kind: (message.state, message.recipient) for message in request.messages.all()}
    assert stands == {
        MessageKind.VISITOR_RECEIVED: (MessageState.DEAD, ""),
        MessageKind.STAFF_NEW: (MessageState.QUEUED, staff_inbox),
    }


def test_erase_lets_the_notice_to_staff_leave_and_it_names_nobody() -> None:
    appointment = make_appointment(request=make_full_request())

    retention.erase(appointment.request, by=None, now=LATER)
    delivery.deliver_due(now=LATER)

    told = [text_of(sent) for sent in mail.outbox if sent.to != ["ada@visitor.example"]]
    assert len(told) == 2
    assert [words for words in ("Ada", "visitor.example", "555-0143", "knee", "elbow") if words in "".join(told)] == []


@pytest.mark.parametrize("by_staff", [True, False])
def test_erase_keeps_no_address_for_word_of_an_appointment_that_was_cancelled(*, by_staff: bool) -> None:
    appointment = make_appointment(request=make_full_request())

    retention.erase(appointment.request, by=make_staff() if by_staff else None, now=LATER)
    delivery.deliver_due(now=LATER)

    theirs = appointment.request.messages.exclude(kind__startswith="staff")
    assert [message.recipient for message in theirs if message.recipient] == []
    assert [sent for sent in mail.outbox if sent.to == ["ada@visitor.example"]] == []
    appointment.refresh_from_db()
    assert appointment.status == AppointmentStatus.CANCELLED


def test_database_refuses_a_waiting_mail_without_recipient() -> None:
    request = make_full_request()

    with pytest.raises(IntegrityError, match="waiting_has_recipient"):
        request.messages.update(recipient="", state=MessageState.QUEUED)


def test_database_takes_two_erased_mails_of_one_kind() -> None:
    request = make_full_request()
    again: dict[str, Any] = {"kind": "visitor_received", "created_at": NOW, "due_at": NOW}
    Message.objects.create(request=request, recipient="other@visitor.example", **again)

    retention.erase(request, by=None, now=LATER)

    assert request.messages.filter(recipient="").count() == 2


def test_erase_empties_the_admin_log_about_it_alone() -> None:
    gone, stays, by = make_full_request(), make_request(email="bo@visitor.example"), make_staff()
    kind = ContentType.objects.get_for_model(ConsultationRequest)
    for one in (gone, stays):
        LogEntry.objects.create(
            user=by,
            content_type=kind,
            object_id=str(one.pk),
            object_repr=one.reference,
            action_flag=CHANGE,
            change_message="Ada",
        )

    retention.erase(gone, by=None, now=LATER)

    assert [(entry.object_repr, entry.change_message) for entry in LogEntry.objects.order_by("pk")] == [
        ("Erased", ""),
        (stays.reference, "Ada"),
    ]


def test_erase_leaves_other_requests_of_the_person_and_how_they_are_known() -> None:
    gone = make_full_request()
    stays = make_request(email="ada@visitor.example")
    assert stays.person_id == gone.person_id

    retention.erase(gone, by=None, now=LATER)

    stays.refresh_from_db()
    mark = digests.keyed(people.PURPOSE, "email ada@visitor.example")
    assert stays.name == "Ada Visitor"
    assert list(Identity.objects.values_list("digest", flat=True)) == [mark]


def test_erase_of_a_persons_last_request_forgets_the_person() -> None:
    retention.erase(make_full_request(), by=None, now=LATER)

    assert not Identity.objects.exists()


def test_erased_request_is_neither_live_nor_overdue() -> None:
    request = make_full_request()
    long_after = NOW + dt.timedelta(days=90)
    assert ConsultationRequest.objects.overdue(long_after).get() == request

    retention.erase(request, by=None, now=LATER)

    assert not ConsultationRequest.objects.live().exists()
    assert not ConsultationRequest.objects.overdue(long_after).exists()


def test_preview_names_what_would_go_without_the_values() -> None:
    request = make_full_request()

    (words,) = retention.preview([request])

    assert words[:5] == ["name", "email address", "phone number", "best time", "message"]
    assert "3 × consent" in words
    assert not [word for word in words if "Ada" in word or "knee" in word]
    retention.erase(request, by=None, now=LATER)
    assert retention.preview([request]) == [[]]


def test_erase_gives_the_consultants_time_back_and_keeps_what_is_past() -> None:
    request = make_full_request()
    past = make_appointment(request=request, starts_at=NOW - dt.timedelta(days=7), status=AppointmentStatus.ATTENDED)
    coming = make_appointment(request=request, cancel_reason="My knee", visitor_zone="Europe/Vienna")
    names = {past.uid, coming.uid}

    retention.erase(request, by=None, now=LATER)

    past.refresh_from_db()
    coming.refresh_from_db()
    assert (past.status, coming.status) == (AppointmentStatus.ATTENDED, AppointmentStatus.CANCELLED)
    assert (
        TimeCell.objects.filter(appointment=past).exists(),
        TimeCell.objects.filter(appointment=coming).exists(),
    ) == (
        True,
        False,
    )
    assert (coming.cancel_reason, coming.visitor_zone) == ("", "")
    assert not names & {past.uid, coming.uid}
    assert {activity.text for activity in request.activities.all()} == {""}
