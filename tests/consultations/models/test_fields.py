"""What the encrypted columns of a request hold in the database, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consultations.models import ConsultationRequest
from consultations.models.fields import EncryptedMappingField, Unreadable
from tests.factories import make_request, make_staff

pytestmark = pytest.mark.django_db
ORIGIN: dict[str, Any] = {
    "source": "/articles/knee-pain/, end of the page",
    "attribution": {"page": "/articles/knee-pain/", "utm_campaign": "knie – früh"},
    "language": "de-AT",
}
LIST = "/admin/consultations/consultationrequest/"


def held(request: ConsultationRequest) -> list[str]:
    """Return source, attribution and language as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, attribution, language FROM consultations_consultationrequest WHERE id = %s", [request.pk]
        )
        return list(cursor.fetchone())


def test_where_somebody_came_from_and_their_language_are_encrypted_in_the_database() -> None:
    request = make_request(**ORIGIN)

    tokens = held(request)

    box = Fernet(django_settings.FIELD_KEYS[0])
    opened = [box.decrypt(token.encode()).decode() for token in tokens]
    assert opened == [
        "/articles/knee-pain/, end of the page",
        '{"page": "/articles/knee-pain/", "utm_campaign": "knie – früh"}',
        "de-AT",
    ]
    request.refresh_from_db()
    assert {name: getattr(request, name) for name in ORIGIN} == ORIGIN


def test_nothing_known_is_stored_as_nothing() -> None:
    request = make_request(source="", attribution={}, language="")

    assert held(request) == ["", "", ""]
    request.refresh_from_db()
    assert (request.source, request.attribution, request.language) == ("", {}, "")


@pytest.mark.parametrize("name", ORIGIN)
def test_search_in_an_encrypted_column_is_refused(name: str) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        ConsultationRequest.objects.filter(**{name: ORIGIN[name]}).first()


def test_mapping_with_a_lost_key_says_so_and_survives_being_saved(settings: Settings) -> None:
    request = make_request(**ORIGIN)
    before, old = held(request), settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    found = ConsultationRequest.objects.get(pk=request.pk)
    said = found.attribution[EncryptedMappingField.UNREADABLE]
    found.save()

    settings.FIELD_KEYS = old
    assert (type(said), held(request)) == (Unreadable, before)


def test_the_list_shows_the_source_and_is_not_ordered_by_it(client: Client) -> None:
    first, second = (make_request(**ORIGIN | {"source": source}) for source in ("/a/, end", "/b/, end"))
    client.force_login(make_staff("Triage"))

    column = client.get(LIST).context["cl"].list_display.index("asked_about")
    listed = client.get(LIST, {"o": str(column)})

    assert list(listed.context["cl"].result_list) == [second, first]
    assert all(request.source in listed.content.decode() for request in (first, second))
