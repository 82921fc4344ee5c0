"""Moving sealed texts to a new key while the site runs."""

from __future__ import annotations

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consultations.models import Activity, ConsultationRequest
from consultations.models.fields import Unreadable
from consultations.privacy import keys
from consultations.requests import moving
from content.models import ClinicProfile
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db
NEW, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def sealed(request: ConsultationRequest) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM consultations_consultationrequest WHERE id = %s", [request.pk])
        return str(cursor.fetchone()[0])


def best_time_of(request: ConsultationRequest) -> str:
    """Return it as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT best_time FROM consultations_consultationrequest WHERE id = %s", [request.pk])
        return str(cursor.fetchone()[0])


def opens(key: str, text: str) -> bool:
    try:
        Fernet(key).decrypt(text.encode())
    except Exception:  # noqa: BLE001  whatever it is, it does not open
        return False
    return True


def rotate(**options: int) -> str:
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, **options)
    return out.getvalue()


def test_every_encrypted_column_is_found() -> None:
    found = {f"{model.__name__}.{name}" for model, name in keys.columns()}

    assert found == {
        "Activity.text",
        "Appointment.cancel_reason",
        "Appointment.override_reason",
        "ConsultationRequest.attribution",
        "ConsultationRequest.best_time",
        "ConsultationRequest.language",
        "ConsultationRequest.message",
        "ConsultationRequest.source",
        "ContactCode.wanted",
        "DayCount.counts",
        "Reply.body",
        "Reply.subject",
        "ExportEntry.reason",
        "PersonMerge.reason",
    }


def test_texts_are_sealed_anew_and_open_with_the_new_key_alone(settings: Settings) -> None:
    request = make_request(message="My knee")
    moving.note(request, text="A note", by=make_staff(), now=NOW)
    old = list(settings.FIELD_KEYS)
    settings.FIELD_KEYS = [NEW, *old]

    said = rotate()
    settings.FIELD_KEYS = [NEW]

    request.refresh_from_db()
    assert request.message == "My knee"
    assert [activity.text for activity in request.activities.all()] == ["", "A note"]
    assert "ConsultationRequest.message: 1 of 1 seen, 1 sealed anew" in said
    assert not opens(old[0], sealed(request))


def test_second_run_has_nothing_to_do(settings: Settings) -> None:
    request = make_request(message="My knee")
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    rotate()
    before = sealed(request)

    assert "ConsultationRequest.message: 1 of 1 seen, 0 sealed anew" in rotate()
    assert sealed(request) == before


def test_run_that_was_stopped_goes_on_and_shows_progress(settings: Settings) -> None:
    requests = [make_request(message=f"Text {n}") for n in range(5)]
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    next(keys.rotate(ConsultationRequest, "message", batch=2))
    assert [opens(NEW, sealed(request)) for request in requests] == [True, True, False, False, False]

    tallies = [(tally.seen, tally.rotated) for tally in keys.rotate(ConsultationRequest, "message", batch=2)]

    assert tallies[-1] == (5, 3)
    assert len(tallies) == 3


def test_text_changed_in_between_keeps_the_change(settings: Settings) -> None:
    requests = [make_request(message="Before") for _ in range(2)]
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]

    # The second batch is read before the change below is made: a generator stops between its batches.
    batches = keys.rotate(ConsultationRequest, "message", batch=1)
    next(batches)
    ConsultationRequest.objects.filter(pk=requests[1].pk).update(message="After")
    list(batches)

    requests[1].refresh_from_db()
    assert requests[1].message == "After"


def test_compare_and_set_leaves_a_row_that_no_longer_holds_what_was_read(settings: Settings) -> None:
    request = make_request(message="Before")
    stale = sealed(request)
    ConsultationRequest.objects.filter(pk=request.pk).update(message="After")

    changed = keys.put(ConsultationRequest, "message", request.pk, stale, "forged")

    request.refresh_from_db()
    assert (changed, request.message) == (0, "After")


def test_lost_key_is_said_in_a_sentence_and_loses_nothing(settings: Settings) -> None:
    request = make_request(message="My knee")
    before, old = sealed(request), settings.FIELD_KEYS
    settings.FIELD_KEYS = [NEW]

    with pytest.raises(CommandError, match="1 texts open with none of the keys in FIELD_KEYS"):
        rotate()

    settings.FIELD_KEYS = old
    request.refresh_from_db()
    assert (sealed(request), request.message) == (before, "My knee")


def test_batch_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="--batch"):
        rotate(batch=0)


def test_unreadable_text_says_so_and_survives_being_saved(settings: Settings) -> None:
    request = make_request(message="My knee")
    before, old = sealed(request), settings.FIELD_KEYS
    settings.FIELD_KEYS = [OTHER]

    found = ConsultationRequest.objects.get(pk=request.pk)
    assert isinstance(found.message, Unreadable)
    assert "not in FIELD_KEYS" in found.message
    found.save()

    settings.FIELD_KEYS = old
    assert sealed(request) == before


def test_unreadable_text_takes_neither_list_nor_page_from_the_desk(
    client: Client, clinic: ClinicProfile, settings: Settings
) -> None:
    lost = make_request(message="My knee")
    moving.note(lost, text="A note", by=make_staff(), now=NOW)
    settings.FIELD_KEYS = [OTHER]
    fine = make_request(message="My elbow")
    client.force_login(make_staff("Triage"))

    listed = client.get("/admin/consultations/consultationrequest/")
    page = client.get(f"/admin/consultations/consultationrequest/{lost.pk}/change/")

    assert listed.status_code == 200
    assert all(request.reference in listed.content.decode() for request in (lost, fine))
    assert "This text cannot be read" in page.content.decode()
    assert Activity.objects.filter(request=lost).count() == 2


def test_best_time_is_encrypted_in_the_database() -> None:
    request = make_request(best_time="Not on Tuesdays: my infusion")

    held = best_time_of(request)

    request.refresh_from_db()
    assert request.best_time == "Not on Tuesdays: my infusion"
    assert "Tuesdays" not in held
    assert opens(django_settings.FIELD_KEYS[0], held)
