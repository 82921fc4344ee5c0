"""Public pages while the database cannot be reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NoReturn

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from content import outages, versions
from content.caching import PageCacheMiddleware
from content.models import ClinicProfile
from content.outages import Unreachable
from content.site import memory
from tests.factories import NOW, make_article

MINUTE = dt.timedelta(minutes=1)


class AlwaysOpen(outages.CircuitBreaker):
    """A database that cannot be reached, and has not been for a while."""

    def is_lost(self) -> bool:
        """Say so."""
        return True

    def ask(self, *_: Callable[[], int]) -> NoReturn:
        """Fail."""
        raise Unreachable


@pytest.fixture
def away(clinic: ClinicProfile) -> Iterator[Callable[[], None]]:
    """Let the database be out of reach from now on, for the number and for everything else."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:

        def go_away() -> None:
            def refuse(*args: Any) -> NoReturn:
                raise Unreachable

            patch.setattr(outages, "is_elsewhere", lambda: True)
            patch.setattr(versions.last_read, "_breaker", AlwaysOpen())
            stack.enter_context(connection.execute_wrapper(refuse))

        yield go_away


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (9, 200), (11, 503)])
def test_kept_page_is_shown_for_ten_minutes(minutes: int, status: int, away: Callable[[], None]) -> None:
    client = Client(raise_request_exception=False)
    with time_machine.travel(NOW, tick=False) as clock:
        path = make_article().get_absolute_url()
        client.get(path)
        away()

        clock.shift(minutes * MINUTE)

        assert client.get(path).status_code == status


def test_proxy_keeps_nothing_then(client: Client, away: Callable[[], None]) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        path = make_article().get_absolute_url()
        client.get(path)
        away()
        clock.shift(MINUTE)

        response = client.get(path)

    assert response.headers["X-Accel-Expires"] == f"@{NOW.timestamp():.0f}"


def test_page_that_is_not_kept_is_answered_in_words(client: Client, away: Callable[[], None]) -> None:
    path, client = make_article().get_absolute_url(), Client(raise_request_exception=False)
    client.get("/")
    away()

    response = client.get(path)

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "load this page again in a minute" in page
    assert response.has_header("X-Accel-Expires") is False


def test_process_that_has_just_started_shows_what_others_kept(client: Client, away: Callable[[], None]) -> None:
    path = make_article().get_absolute_url()
    client.get(path)
    # What it leaves behind is what other processes do: the pages and the reading in the cache.
    memory.forget()
    away()

    assert client.get(path).status_code == 200


def test_page_that_is_not_kept_does_not_wait_for_a_database_that_is_lost(
    client: Client, away: Callable[[], None]
) -> None:
    client.get("/")
    away()
    drawn: list[str] = []

    def draw(request: HttpRequest) -> HttpResponse:
        drawn.append(request.path)
        return HttpResponse()

    middleware = PageCacheMiddleware(draw)

    with pytest.raises(Unreachable):
        middleware(RequestFactory().get("/faq/"))

    assert drawn == []
