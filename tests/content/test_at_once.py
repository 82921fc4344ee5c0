"""Answers of a moment ago: those that the site would give, for as long as it would, and to nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import RequestFactory

from clinic import observing
from content import at_once, versions
from content.publishing import steps
from tests.factories import NOW, desk_account, make_article, make_clinic, make_topic

pytestmark = pytest.mark.usefixtures("clinic")

type Answer = tuple[str, dict[str, str], bytes]


class Site:
    """The site as a web server sees it; `by_django` counts what was not answered before Django."""

    def __init__(self) -> None:
        self.by_django, self.noted = 0, 0
        self._django = get_wsgi_application()
        self._application = at_once.AtOnce(self._count, self._note)

    def _count(self, environ: Any, start_response: Any) -> Any:
        self.by_django += 1
        return self._django(environ, start_response)

    def _note(self, environ: Any, seconds: float) -> None:
        self.noted += 1
        observing.note_kept(environ, seconds)

    def ask(self, path: str, method: str = "get", **headers: str) -> Answer:
        """Return status, headers and body."""
        told: list[Any] = []
        environ = getattr(RequestFactory(), method)(path, headers=headers).environ
        body = b"".join(self._application(environ, lambda *start: told.extend(start)))
        return told[0], {name.lower(): value for name, value in told[1]}, body


@pytest.fixture(autouse=True)
def own_connection() -> Iterator[None]:
    """Keep the test's connection, which Django would close as a request begins, and no answer of another test."""
    at_once.answers.clear()
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    at_once.answers.clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """The site, with no answer given yet."""
    with time_machine.travel(NOW, tick=False):
        yield Site()


def test_page_that_is_kept_is_answered_alike_without_django(site: Site) -> None:
    path = make_article().get_absolute_url()
    drawn, kept = site.ask(path), site.ask(path)

    assert site.ask(path) == kept
    assert (drawn[0], drawn[2]) == (kept[0], kept[2])
    assert drawn[1] == kept[1]
    assert (site.by_django, site.noted) == (2, 1)


def test_nobody_is_answered_for_another_host_encoding_or_address(site: Site) -> None:
    path = make_article().get_absolute_url()
    for _ in range(3):
        site.ask(path)
    asked = site.by_django

    assert site.ask(path, host="evil.example")[0].startswith("400")
    assert site.ask(path, **{"accept-encoding": "gzip"})[1]["content-encoding"] == "gzip"
    assert site.ask("/articles/none/")[0].startswith("404")
    assert site.by_django == asked + 3


@pytest.mark.parametrize("method", ["head", "post"])
def test_only_who_reads_is_answered_before_django(site: Site, method: str) -> None:
    path = make_article().get_absolute_url()
    for _ in range(3):
        site.ask(path)
    asked = site.by_django

    site.ask(path, method)

    assert site.by_django == asked + 1


def test_copy_of_a_visitor_is_compared(site: Site) -> None:
    path = make_article().get_absolute_url()
    tag = [site.ask(path) for _ in range(3)][-1][1]["etag"]

    assert site.ask(path, **{"if-none-match": tag})[0].startswith("304")


def test_edit_is_seen_at_the_next_request(site: Site) -> None:
    path = make_article(topic=make_topic(name="Before")).get_absolute_url()
    for _ in range(3):
        site.ask(path)

    make_clinic(banner_text="Another call")

    assert b"Another call" in site.ask(path)[2]


def test_withdrawn_page_is_gone(site: Site) -> None:
    article = make_article()
    for _ in range(3):
        site.ask(article.get_absolute_url())

    steps.end(article, seen=article.version, at=NOW, by=desk_account("desk-editor"), now=NOW)

    assert site.ask(article.get_absolute_url())[0].startswith("404")


def test_edit_of_another_process_is_seen_a_quarter_of_a_second_later() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        site, path = Site(), make_article(topic=make_topic(name="Before")).get_absolute_url()
        for _ in range(3):
            site.ask(path)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE content_topic SET name = 'After' WHERE name = 'Before'")
            cursor.execute("UPDATE content_contentversion SET number = number + 1")
            cursor.execute("UPDATE content_tableversion SET number = number + 1 WHERE name = 'content_topic'")

        clock.shift(versions.BELIEVED)

        assert b"After" in site.ask(path)[2]


def test_page_that_changes_by_the_clock_does_so_at_its_moment() -> None:
    moment = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
    with time_machine.travel(moment, tick=False) as clock:
        make_article(title="Soon to come", published_at=moment + dt.timedelta(milliseconds=100))
        site = Site()
        for _ in range(3):
            assert b"Soon to come" not in site.ask("/articles/")[2]

        clock.shift(dt.timedelta(milliseconds=100))

        assert b"Soon to come" in site.ask("/articles/")[2]


def test_answers_do_not_grow_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "MOST", 2)
    for number in range(5):
        for _ in range(2):
            site.ask(f"/faq/?utm_source={number}")

    assert len(at_once.answers) <= 2
