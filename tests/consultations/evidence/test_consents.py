"""Consent texts in versions, and taking consent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from consultations.evidence import consents
from consultations.exceptions import NotAllowed
from consultations.links import private_link
from consultations.models import Consent, ConsentText, ConsultationRequest
from consultations.statuses import ActivityKind, ConsentPurpose
from content.models import ClinicProfile
from tests.factories import NOW, make_request, make_staff

LATER = NOW + dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


def post(client: Client, request: ConsultationRequest, consent: object) -> str:
    path = reverse("consultations:private-consent", args=[private_link.token_for(request.link_id)])
    response = client.post(path, {"consent": consent})
    return response.headers.get("Location", str(response.status_code)).rpartition("=")[2]


def test_reword_makes_the_next_version_and_leaves_given_consents_alone() -> None:
    request = make_request(agreed={ConsentPurpose.CALLS})
    old = request.consents.get().text.text

    new = consents.reword(ConsentPurpose.CALLS, text="Other words.", active_from=LATER)

    assert new.version == 2
    assert request.consents.get().text.text == old
    assert make_request(now=LATER, agreed={ConsentPurpose.CALLS}).consents.get().text == new


def test_reword_with_the_words_it_has_is_refused() -> None:
    newest = ConsentText.objects.get(purpose=ConsentPurpose.CALLS)

    with pytest.raises(NotAllowed, match="Version 1 has these very words, from"):
        consents.reword(ConsentPurpose.CALLS, text=f" {newest.text} ", active_from=LATER)

    assert ConsentText.objects.filter(purpose=ConsentPurpose.CALLS).get() == newest


def write_words(client: Client, text: str) -> Any:
    """Send the desk's form for new words."""
    client.force_login(make_staff(is_superuser=True))
    words = {"purpose": ConsentPurpose.CALLS, "active_from_0": "2026-12-01", "active_from_1": "09:00", "text": text}
    return client.post("/admin/consultations/consenttext/add/", words)


def test_form_with_the_words_there_are_says_so_and_saves_nothing(client: Client) -> None:
    newest = ConsentText.objects.get(purpose=ConsentPurpose.CALLS)

    response = write_words(client, newest.text)

    assert response.status_code == 200
    (said,) = response.context["adminform"].form.errors["text"]
    assert said.startswith("Version 1 has these very words, from ")
    assert ConsentText.objects.filter(purpose=ConsentPurpose.CALLS).count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_words_begin_to_hold_in_a_year_of_this_time(client: Client, day: str) -> None:
    client.force_login(make_staff(is_superuser=True))
    words = {"purpose": ConsentPurpose.CALLS, "active_from_0": day, "active_from_1": "23:59", "text": "New words."}

    response = client.post("/admin/consultations/consenttext/add/", words)

    said = {"active_from": ["Give a year from 2000 to 2199."]}
    assert (response.status_code, response.context["adminform"].form.errors) == (200, said)


def test_form_of_the_second_of_two_editors_comes_back_with_what_was_typed(client: Client) -> None:
    def colleague(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.startswith('INSERT INTO "consultations_consenttext"') and not quicker:
            quicker.append("Their words.")
            ConsentText.objects.create(purpose=ConsentPurpose.CALLS, version=2, text=quicker[0], active_from=LATER)
        return execute(sql, params, many, context)

    quicker: list[str] = []

    with connection.execute_wrapper(colleague):
        response = write_words(client, "My words.")

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.non_field_errors() == [
        "Somebody else has just written version 2 of these words. Read theirs first; nothing was saved."
    ]
    assert form.data["text"] == "My words."
    assert not ConsentText.objects.filter(text="My words.").exists()


def test_form_with_new_words_writes_the_next_version(client: Client) -> None:
    response = write_words(client, "My words.")

    assert response.status_code == 302
    assert ConsentText.objects.get(purpose=ConsentPurpose.CALLS, version=2).text == "My words."


def test_text_that_was_written_cannot_be_changed() -> None:
    text = ConsentText.objects.get(purpose=ConsentPurpose.CALLS)
    text.text = "Something else."

    with pytest.raises(ImproperlyConfigured):
        text.save()


def test_form_left_open_over_a_new_version_agrees_to_the_words_it_showed(client: Client, clinic: ClinicProfile) -> None:
    shown = client.get("/consultation/").content.decode()
    key = shown.split('name="key" value="')[1].split('"')[0]
    begin = dt.datetime.now(tz=dt.UTC) + dt.timedelta(microseconds=1)
    consents.reword(ConsentPurpose.CALLS, text="Sharper words.", active_from=begin + dt.timedelta(seconds=1))
    ConsentText.objects.filter(version=2).update(active_from=begin)

    client.post("/consultation/", {"name": "Ada", "email": "ada@visitor.example", "agree_calls": "on", "key": key})

    assert ConsultationRequest.objects.get().consents.get().text.version == 1


def test_withdrawing_is_dated_noted_and_done_once(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(agreed={ConsentPurpose.CALLS, ConsentPurpose.NEWSLETTER})
    consent = request.consents.get(text__purpose=ConsentPurpose.CALLS)

    first, second = (post(client, request, consent.pk) for _ in range(2))

    consent.refresh_from_db()
    assert (first, second) == ("consent", "consent-again")
    assert consent.withdrawn_at is not None
    assert request.activities.filter(kind=ActivityKind.CONSENT).count() == 1
    assert not consents.stands(request, ConsentPurpose.CALLS)
    assert consents.stands(request, ConsentPurpose.NEWSLETTER)


@pytest.mark.parametrize("consent", ["", "0", "x", "99999999999999999999"])
def test_withdrawing_what_is_not_there_is_an_error_in_words(
    client: Client, clinic: ClinicProfile, consent: str
) -> None:
    assert post(client, make_request(agreed={ConsentPurpose.CALLS}), consent) == "422"


def test_consent_of_another_request_cannot_be_withdrawn(client: Client, clinic: ClinicProfile) -> None:
    other = make_request(agreed={ConsentPurpose.CALLS}).consents.get()

    assert post(client, make_request(), other.pk) == "422"
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_withdrawing_never_ends_before_it_began() -> None:
    consent = make_request(agreed={ConsentPurpose.CALLS}).consents.get()

    consents.withdraw(consent, now=NOW - dt.timedelta(seconds=5))

    assert consent.withdrawn_at == NOW


def test_agreeing_again_after_withdrawal_is_a_row_of_its_own() -> None:
    request = make_request(agreed={ConsentPurpose.HEALTH})
    first = request.consents.get()
    consents.withdraw(first, now=LATER)

    consents.give(request, first.text, now=LATER)
    consents.give(request, first.text, now=LATER)

    assert [consent.withdrawn_at for consent in request.consents.order_by("pk")] == [LATER, None]


def test_database_holds_one_standing_consent_per_text() -> None:
    consent = make_request(agreed={ConsentPurpose.HEALTH}).consents.get()

    with pytest.raises(IntegrityError, match="consent"):
        Consent.objects.create(request=consent.request, text=consent.text, given_at=LATER)
