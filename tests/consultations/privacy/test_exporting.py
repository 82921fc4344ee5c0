"""What a person is handed of what the site holds about them, column by column."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import models

from consultations.models import (
    Activity,
    Appointment,
    ConsultationRequest,
    ContactCode,
    Message,
    WaitingEntry,
    WaitingOffer,
)
from consultations.privacy import exporting
from consultations.privacy.exporting import KEPT_BACK
from consultations.requests import moving
from consultations.statuses import ActivityKind
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type
from tests.factories import NOW, make_request, make_staff

# Whoever adds a column decides here, or in exporting.KEPT_BACK, whether the person it is about is handed it.
HANDED_OUT: dict[type[models.Model], str] = {
    ConsultationRequest: "reference name email phone phone_e164 contact_by best_time center message source status closed_for assignee "
    "next_step next_at received_at respond_by first_contact_at attribution language spam_score spam_reasons email_confirmed_at "
    "phone_confirmed_at pending_email erasure_asked_at erased_at "
    "legal_hold",
    ContactCode: "wanted created_at expires_at tries used_at",
    Activity: "kind at from_status to_status outcome text",
    Appointment: "consultant appointment_type center channel starts_at ends_at status hold_expires_at uid cancel_reason overridden "
    "override_reason visitor_zone created_at changed_at",
    WaitingEntry: "appointment_type center until joined_at ended_at",
    WaitingOffer: "starts_at offered_at expires_at",
    Message: "kind recipient state attempts created_at due_at sent_at last_error",
}


@pytest.mark.parametrize("model", KEPT_BACK)
def test_of_every_column_somebody_has_decided_whether_it_is_handed_out(model: type[models.Model]) -> None:
    assert exporting.columns(model) == HANDED_OUT[model].split()


@pytest.mark.parametrize("model", KEPT_BACK)
def test_what_is_kept_back_exists(model: type[models.Model]) -> None:
    assert KEPT_BACK[model] - {column.name for column in model._meta.concrete_fields} == set()


def test_every_row_that_belongs_to_a_request_is_thought_of() -> None:
    related = {relation.related_model for relation in ConsultationRequest._meta.related_objects}

    # The proof tells of consents in the words that were agreed to; who of the staff looked or was told, and whom they took for one
    # person, is the colleagues' own matter.
    assert {model.__name__ for model in related} == {model.__name__ for model in KEPT_BACK} - {
        "ConsultationRequest",
        "WaitingOffer",
    } | {"Consent", "AccessEntry", "EscalationMail", "PersonMerge", "Presence"}


@pytest.mark.django_db
def test_history_is_handed_out_without_who_was_given_a_request_or_told_of_it() -> None:
    request, marta = make_request(), make_staff(first_name="Marta", last_name="Muster")
    moving.assign(request, to=marta, seen=None, by=marta, now=NOW)
    moving.note(request, text="Prefers mornings", by=marta, now=NOW)
    Activity.objects.create(request=request, kind=ActivityKind.OVERDUE, at=NOW, text="Told by mail: Marta Muster")

    told = [(line["kind"], line["text"]) for line in exporting.everything(request)["history"]]

    assert told == [("received", ""), ("assigned", ""), ("note", "Prefers mornings"), ("overdue", "")]


@pytest.mark.django_db
def test_export_tells_the_number_the_suspicion_the_colleagues_first_name_and_offers() -> None:
    request, marta = make_request(phone="0202 555 0143", phone_e164="+12025550143"), make_staff(first_name="Marta")
    ConsultationRequest.objects.filter(pk=request.pk).update(spam_reasons="links")
    moving.assign(request, to=marta, seen=None, by=marta, now=NOW)
    entry = WaitingEntry.objects.create(
        request=request, appointment_type=make_appointment_type(), until=MONDAY, joined_at=NOW
    )
    freed = make_appointment(request=make_request(email="other@visitor.example"))
    entry.offers.create(freed=freed, starts_at=MONDAY, offered_at=NOW, expires_at=NOW + dt.timedelta(hours=2))

    data = exporting.everything(request)

    told = [data[name] for name in ("phone_e164", "spam_reasons", "assignee")]
    assert told == ["+12025550143", "links", "Marta"]
    offer = {"starts_at": MONDAY, "offered_at": NOW, "expires_at": NOW + dt.timedelta(hours=2)}
    assert [one["offers"] for one in data["waiting_list"]] == [[offer]]
    assert [name for name in ("key", "link_id", "person") if name in data] == []
