"""Public pages drawn from a copy of the database: here the copy is a second file of SQLite, brought up to date when a test says so.

`make replica` does the same with PostgreSQL's own streaming.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from clinic.doctor import machine
from clinic.doctor.findings import Finding
from content import replica, versions
from content.models import Article, ContentVersion, SearchMiss, Topic
from content.publishing import steps
from content.site import memory
from tests.asking import text_of
from tests.factories import NOW, desk_account, make_article, make_topic

pytestmark = [
    # The copy is a file of SQLite.
    pytest.mark.alike,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clinic"),
]


class Copy:
    """The copy, and how it comes to be as the database is now."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def catch_up(self) -> None:
        """Take over all that is committed."""
        connection.ensure_connection()
        with closing(sqlite3.connect(self.path)) as copy:
            connection.connection.backup(copy)

    def say(self, statement: str) -> None:
        """Change the copy alone, so that it can be told from the database."""
        with closing(sqlite3.connect(self.path)) as copy, copy:
            copy.execute(statement)


@pytest.fixture
def copy(clinic: object, settings: Settings, tmp_path: Path) -> Iterator[Copy]:
    """A replica, without tables until it catches up."""
    path = tmp_path / "replica.sqlite3"
    connections.settings[replica.ALIAS] = {**connection.settings_dict, "NAME": str(path)}
    settings.DATABASE_ROUTERS = ["content.replica.Router"]
    own = connections[replica.ALIAS]
    # Django lets a test connect only to what was there before it.
    own.ensure_connection = lambda: None if own.connection else own.connect()  # type: ignore[method-assign]
    yield Copy(path)
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS], connections.settings[replica.ALIAS]


def mark(copy: Copy) -> None:
    """Let the copy catch up, and let its topics say so."""
    copy.catch_up()
    copy.say("UPDATE content_topic SET name = 'From the copy'")


def draw_anew() -> None:
    """Have pages drawn anew: an edit alone leaves those as they are of which it changed nothing."""
    versions.bump()
    cache.clear()
    memory.forget()


@pytest.fixture
def article() -> Article:
    """A public article in a topic."""
    return make_article(topic=make_topic(name="From the database")).article


def test_public_page_is_drawn_from_the_replica(client: Client, article: Article, copy: Copy) -> None:
    mark(copy)

    assert "From the copy" in text_of(client, article.get_absolute_url())


def test_without_a_replica_nothing_is_asked_of_one(client: Client, article: Article) -> None:
    page = text_of(client, article.get_absolute_url())

    assert "From the database" in page
    assert replica.ALIAS not in connections.settings


def test_page_is_drawn_from_the_database_while_the_replica_is_behind(
    client: Client, article: Article, copy: Copy
) -> None:
    mark(copy)
    client.get(article.get_absolute_url())
    Topic.objects.get().save()

    assert "From the database" in text_of(client, article.get_absolute_url())

    draw_anew()
    mark(copy)
    assert "From the copy" in text_of(client, article.get_absolute_url())


def test_withdrawn_page_is_gone_while_the_replica_still_has_it(client: Client, copy: Copy) -> None:
    revision = make_article()
    path = revision.get_absolute_url()
    copy.catch_up()
    assert client.get(path).status_code == 200

    steps.end(revision, seen=revision.version, at=NOW, by=desk_account("desk-editor"), now=NOW)

    assert [client.get(path).status_code, client.get("/articles/").content.decode().count(path)] == [404, 0]


def test_whoever_is_logged_in_reads_the_database(client: Client, article: Article, copy: Copy) -> None:
    mark(copy)
    client.force_login(desk_account("desk-editor"))
    mark(copy)

    assert "From the database" in text_of(client, article.get_absolute_url())


def test_replica_that_is_away_costs_no_page_and_one_line(
    client: Client, copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    # A file without tables: every question to it is an error.
    paths = [make_article(topic=make_topic(name=f"Topic {number}")).get_absolute_url() for number in (1, 2)]
    caplog.set_level(logging.WARNING, logger=replica.__name__)

    with time_machine.travel(NOW, tick=False) as clock:
        answers = [client.get(path).status_code for path in paths]
        clock.shift(replica.AGAIN)
        answers.append(client.get("/articles/").status_code)

    assert answers == [200, 200, 200]
    assert [record.getMessage() for record in caplog.records if record.name == replica.__name__] == [
        "The replica cannot be used (OperationalError): the database answers instead."
    ]


def test_replica_is_used_again_some_seconds_after_it_is_back(
    client: Client, article: Article, copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    path = article.get_absolute_url()
    caplog.set_level(logging.WARNING, logger=replica.__name__)
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(path)
        mark(copy)
        pages = []
        for wait in (replica.AGAIN - replica.AGAIN / 10, replica.AGAIN / 10):
            clock.shift(wait)
            draw_anew()
            mark(copy)
            pages.append("From the copy" in text_of(client, path))

    assert pages == [False, True]
    assert caplog.messages[-1] == "The replica can be used again."


def test_replica_that_fails_while_it_draws_leaves_the_page_to_the_database(
    client: Client, article: Article, copy: Copy
) -> None:
    copy.catch_up()
    copy.say("DROP TABLE content_topic")

    assert "From the database" in text_of(client, article.get_absolute_url())


def test_what_a_search_did_not_find_is_written_into_the_database(client: Client, article: Article, copy: Copy) -> None:
    copy.catch_up()

    client.get("/search/?q=zzyzx")

    assert list(SearchMiss.objects.using("default").values_list("term", flat=True)) == ["zzyzx"]


def test_router_reads_what_is_no_content_from_the_database(copy: Copy) -> None:
    router = replica.Router()
    with replica.from_replica():
        inside = [router.db_for_read(model) for model in (ContentVersion, type(desk_account("desk-editor")))]

    assert inside == ["replica", "default"]
    assert router.db_for_read(ContentVersion) == "default"
    assert [router.allow_migrate(alias, "content") for alias in ("default", "replica")] == [True, False]


def test_doctor_tells_of_a_replica_that_is_behind_or_away(article: Article, copy: Copy) -> None:
    away = list(machine.copy(NOW))
    copy.catch_up()
    level = list(machine.copy(NOW))
    versions.bump()
    behind = list(machine.copy(NOW))

    assert away == [Finding("The replica (REPLICA_URL) cannot be used; the database draws all pages.")]
    assert level == []
    assert behind == [Finding("The replica (REPLICA_URL) is 1 edit behind; the database draws all pages.")]
