"""Every rule of requests, their history and their mails that the database holds, tried past the forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from consultations.models import (
    Activity,
    Consent,
    ConsentText,
    ConsultationRequest,
    ContactCode,
    ExportEntry,
    Identity,
    Message,
    Person,
    PersonMerge,
    RateCount,
    ShownText,
)
from consultations.statuses import ActivityKind, ConsentPurpose, MessageKind, MessageState, Status
from tests.factories import NOW, make_request, make_staff, number
from tests.refusals import refused_by

EARLIER = NOW - dt.timedelta(minutes=1)


def write_request(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"key": f"key-{number()}", "name": "Ada", "email": "ada@visitor.example"}
    ConsultationRequest.objects.create(**defaults | {"received_at": NOW, "respond_by": NOW, "next_at": NOW} | kwargs)


def write_activity(**kwargs: Any) -> None:
    Activity.objects.create(request=make_request(), at=NOW, **kwargs)


def write_move(**kwargs: Any) -> None:
    moved: dict[str, Any] = {"by": make_staff(), "from_status": Status.NEW, "to_status": Status.REACHED}
    write_activity(kind=ActivityKind.STATUS, **moved | kwargs)


def write_message(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"kind": MessageKind.VISITOR_RECEIVED, "recipient": "x@visitor.example"}
    Message.objects.create(request=make_request(), created_at=NOW, due_at=NOW, **defaults | kwargs)


def write_merge(*, times: int = 1, **kwargs: Any) -> None:
    kept, merged, by = Person.objects.create(created_at=NOW), Person.objects.create(created_at=NOW), make_staff()
    for _ in range(times):
        PersonMerge.objects.create(**{"kept": kept, "merged": merged, "by": by, "at": NOW} | kwargs)


def merge_with_oneself() -> None:
    person = Person.objects.create(created_at=NOW)
    write_merge(kept=person, merged=person)


def same_mail_twice() -> None:
    request = make_request(email="ada@visitor.example")
    Message.objects.create(
        request=request,
        kind=MessageKind.VISITOR_RECEIVED,
        recipient="ada@visitor.example",
        created_at=NOW,
        due_at=NOW,
    )


def write_text(**kwargs: Any) -> ConsentText:
    defaults: dict[str, Any] = {"purpose": ConsentPurpose.HEALTH, "version": number() + 100, "text": "I agree."}
    return ConsentText.objects.create(**defaults | {"active_from": NOW} | kwargs)


def same_version_twice() -> None:
    version = write_text().version
    write_text(version=version)


def agree(*, times: int = 1, withdrawn_at: dt.datetime | None = None) -> None:
    request, text = make_request(), write_text()
    for _ in range(times):
        Consent.objects.create(request=request, text=text, given_at=NOW, withdrawn_at=withdrawn_at)


def write_shown(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"kind": "form", "title": "Form", "text": "Words", "digest": f"d{number()}"}
    ShownText.objects.create(**defaults | {"first_shown_at": NOW} | kwargs)


def count_twice() -> None:
    RateCount.objects.create(bucket="address:x", window_start=NOW)
    RateCount.objects.create(bucket="address:x", window_start=NOW)


def write_code(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"created_at": NOW, "expires_at": NOW + dt.timedelta(minutes=15)}
    ContactCode.objects.create(request=make_request(), **defaults | kwargs)


REFUSED: dict[str, Callable[[], object]] = {
    "consultations_request_can_be_answered": lambda: write_request(email="", phone=""),
    "consultations_request_has_name": lambda: write_request(name=""),
    "consultations_request_has_key": lambda: write_request(key=""),
    "consultations_request_status_known": lambda: write_request(status="asleep"),
    "consultations_request_contact_by_known": lambda: write_request(contact_by="pigeon"),
    "consultations_request_confirmed_email_is_there": lambda: write_request(
        email="", phone="+12025550143", email_confirmed_at=NOW
    ),
    "consultations_request_confirmed_phone_is_there": lambda: write_request(phone_confirmed_at=NOW),
    "consultations_contactcode_tries_limited": lambda: write_code(tries=6),
    "consultations_contactcode_lasts": lambda: write_code(expires_at=NOW),
    "consultations_activity_status_change_complete": lambda: write_move(from_status=""),
    "consultations_activity_kind_known": lambda: write_activity(kind="gossip"),
    "consultations_activity_note_has_author": lambda: write_activity(kind=ActivityKind.NOTE, text="Who wrote this?"),
    "consultations_message_once": same_mail_twice,
    "consultations_message_waiting_has_recipient": lambda: write_message(recipient=""),
    "consultations_message_state_known": lambda: write_message(state="lost"),
    "consultations_message_sending_has_lease": lambda: write_message(state=MessageState.SENDING),
    "consultations_message_sent_has_time": lambda: write_message(state=MessageState.SENT),
    "consultations_consenttext_version_unique": same_version_twice,
    "consultations_consenttext_not_empty": lambda: write_text(text=""),
    "consultations_consent_once_per_text": lambda: agree(times=2),
    "consultations_consent_withdrawn_after_given": lambda: agree(withdrawn_at=EARLIER),
    "consultations_identity_digest_not_empty": lambda: Identity.objects.create(
        person=Person.objects.create(created_at=NOW), digest=""
    ),
    "consultations_personmerge_two_people": merge_with_oneself,
    "consultations_personmerge_merged_once": lambda: write_merge(times=2),
    "consultations_personmerge_undone_by_somebody": lambda: write_merge(undone_at=NOW),
    "consultations_exportentry_format_known": lambda: ExportEntry.objects.create(
        by=make_staff(), at=NOW, format="exe", rows=1, reason="x"
    ),
    "consultations_showntext_kind_known": lambda: write_shown(kind="rumour"),
    "consultations_showntext_not_empty": lambda: write_shown(text=""),
    "consultations_ratecount_once_per_window": count_twice,
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(db: None, name: str) -> None:
    with refused_by(name):
        REFUSED[name]()


@pytest.mark.parametrize("missing", [{"to_status": ""}, {"to_status": Status.NEW}])
def test_database_refuses_a_move_that_says_too_little(db: None, missing: dict[str, str]) -> None:
    with refused_by("consultations_activity_status_change_complete"):
        write_move(**missing)


def test_same_key_twice_is_refused(db: None) -> None:
    write_request(key="one")

    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        write_request(key="one")


def test_history_is_written_once(db: None) -> None:
    activity = make_request().activities.get()
    activity.text = "It was different"

    with pytest.raises(ImproperlyConfigured, match="written once"):
        activity.save()
