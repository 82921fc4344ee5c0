"""Sessions of staff on several web servers: what one of them ends has ended on all, whatever the cache server does (decision 23)."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from clinic.env import cache as entry_of
from tests.factories import make_staff

DESK = "/admin/"


@pytest.fixture(autouse=True)
def _cache_server_that_is_away(settings: Settings) -> None:
    # Nothing listens at the port, which none may be asked for.
    settings.CACHES = settings.CACHES | {"default": entry_of("redis://127.0.0.1:1")}


def on_another_server(client: Client) -> Client:
    """Return the same browser on a web server that has nothing in common with the first but the database."""
    other = Client()
    other.cookies[project.SESSION_COOKIE_NAME] = client.cookies[project.SESSION_COOKIE_NAME].value
    return other


@pytest.mark.django_db
def test_log_out_ends_the_session_on_every_server(client: Client) -> None:
    client.force_login(make_staff("Editors"))
    other = on_another_server(client)
    before = other.get(DESK).status_code

    client.post("/admin/logout/")

    assert (before, other.get(DESK).status_code) == (200, 302)


@pytest.mark.django_db
def test_changed_password_ends_the_session_on_every_server(client: Client) -> None:
    person = make_staff("Editors")
    client.force_login(person)
    other = on_another_server(client)
    before = other.get(DESK).status_code

    person.set_password("another-Password-57")
    person.save()

    assert (before, client.get(DESK).status_code, other.get(DESK).status_code) == (200, 302, 302)
