"""A database that is away: every page of the visitor's path says so in words, and gives back what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import DataError, OperationalError, connection
from django.test import Client

from consultations.views import outage
from content.models import ClinicProfile
from tests.factories import make_clinic, make_request

PHONE = "+12025550143"
pytestmark = pytest.mark.django_db


@contextmanager
def database_away(error: type[Exception] = OperationalError) -> Iterator[None]:
    """Refuse every query, in words that quote what was typed."""

    def refuse(*args: Any) -> None:
        raise error("server closed the connection: My knee")

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def column_too_short() -> Iterator[None]:
    """Refuse to write anything, in words that quote what was typed."""

    def refuse(execute: Callable[..., Any], statement: str, *args: Any) -> Any:
        if statement.startswith(("INSERT", "UPDATE")):
            raise DataError("value too long for type character varying(3): My knee")
        return execute(statement, *args)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def link(clinic: ClinicProfile) -> str:
    """A private page, after a process has learned the phone number as it does at its start."""
    outage.learn_phone()
    return make_request().get_private_url()


@pytest.mark.parametrize("error", [psycopg.OperationalError, psycopg.InterfaceError])
def test_form_whose_cursor_the_database_drops_says_so_in_words(
    client: Client, clinic: ClinicProfile, error: type[Exception]
) -> None:
    outage.learn_phone()

    with database_away(error):
        response = client.get("/consultation/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert f'href="tel:{PHONE}"' in response.content.decode()


@pytest.mark.parametrize("action", ["", "times/", "cancel/", "calendar.ics", "note/", "contact/", "erase/"])
def test_private_page_says_in_words_that_it_cannot_be_opened(client: Client, link: str, action: str) -> None:
    with database_away():
        response = client.get(link + action)

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "We cannot open your page just now" in page
    assert f'href="tel:{PHONE}"' in page
    assert f'href="{link}{action}"' in page


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        ("note/", {"text": "My knee"}),
        ("contact/", {"name": "My knee", "email": "new@visitor.example"}),
        ("consent/", {"consent": "1"}),
        ("erase/", {"sure": "on"}),
        ("times/", {"start": "2026-11-23T15:00Z"}),
        ("times/hold/", {"start": "2026-11-23T15:00Z"}),
        ("cancel/", {"reason": "My knee"}),
        ("waiting/join/", {"last_day": "2026-11-23"}),
    ],
)
def test_what_was_sent_from_the_private_page_comes_back_to_be_sent_again(
    client: Client, link: str, action: str, sent: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with database_away():
        response = client.post(link + action, sent)

    page = response.content.decode()
    assert response.status_code == 503
    assert "We cannot save this just now" in page
    assert f'action="{link}{action}"' in page
    assert [f'name="{name}" value="{value}"' in page for name, value in sent.items()] == [True] * len(sent)
    assert PHONE in page
    assert "knee" not in caplog.text


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        ("/consultation/", {"name": "Ada", "email": "ada@visitor.example", "message": "My knee", "agree_health": "on"}),
        ("{link}note/", {"text": "My knee", "agree_health": "on"}),
        ("{link}contact/", {"name": "My knee"}),
    ],
)
def test_what_a_column_cannot_hold_comes_back_to_be_changed(
    client: Client, link: str, action: str, sent: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with column_too_short():
        response = client.post(action.format(link=link), sent)

    page = response.content.decode()
    assert (response.status_code, "Retry-After" in response.headers) == (422, False)
    assert outage.UNUSABLE in page
    assert [f'name="{name}" value="{value}"' in page for name, value in sent.items()] == [True] * len(sent)
    assert "knee" not in caplog.text


def test_answer_sent_again_from_that_page_is_taken(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()
    path = request.get_private_url() + "contact/"
    with database_away():
        client.post(path, {"name": "Ada Corrected"})

    client.post(path, {"name": "Ada Corrected"})

    request.refresh_from_db()
    assert request.name == "Ada Corrected"


def test_page_for_an_outage_is_as_private_as_the_page_itself(client: Client, link: str) -> None:
    with database_away():
        answers = [client.get(link), client.post(f"{link}erase/", {"sure": "on"})]

    for answer in answers:
        headers = [answer.headers.get(name) for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
        assert (answer.status_code, headers) == (503, ["no-store", "noindex", "no-referrer"])
        assert not answer.cookies


def test_form_says_it_too_when_it_is_only_opened(client: Client, link: str) -> None:
    with database_away():
        response = client.get("/consultation/")

    page = response.content.decode()
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")
    assert "We cannot take your request just now" in page
    assert PHONE in page


def test_unknown_phone_is_left_out(client: Client, clinic: ClinicProfile) -> None:
    link = make_request().get_private_url()
    cache.clear()

    with database_away():
        response = client.get(link)

    assert response.status_code == 503
    assert "call us" not in response.content.decode()


def test_learning_the_phone_without_a_database_does_nothing() -> None:
    with database_away():
        outage.learn_phone()

    assert cache.get(outage.PHONE) is None


def test_showing_the_form_writes_the_phone_to_the_cache_only_where_it_is_new(
    client: Client, clinic: ClinicProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = LocMemCache.set

    def watched(self: LocMemCache, key: str, value: str, *args: Any, **kwargs: Any) -> None:
        if key == outage.PHONE:
            written.append(value)
        write(self, key, value, *args, **kwargs)

    monkeypatch.setattr(LocMemCache, "set", watched)
    cache.delete(outage.PHONE)

    for number in (PHONE, PHONE, "+12025550199"):
        make_clinic(phone=number)
        client.get("/consultation/")

    assert written == [PHONE, "+12025550199"]
