"""`manage.py migrate`: on PostgreSQL it gives a lock up that it does not get, so that nobody queues behind it for long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

LAST = "0005_decisions_never_change"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one lock for all, and a limit for it"
)
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def reader() -> Iterator[psycopg.Connection]:
    """Be somebody whose transaction has read a table that the migration guards, and stays open."""
    names = {"dbname", "user", "password", "host", "port"}
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in names}
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT 1 FROM content_claimoverride")
        yield other


def migrate(*target: str, **options: Any) -> None:
    """Run the command without words."""
    call_command("migrate", *target, verbosity=0, interactive=False, **options)


def is_applied() -> bool:
    """Return whether the migration is recorded."""
    return ("content", LAST) in MigrationRecorder(connection).applied_migrations()


@on_postgresql
def test_lock_that_is_never_given_ends_in_words_and_changes_nothing() -> None:
    with reader(), pytest.raises(CommandError, match="A table was held by others during all tries"):
        migrate("content", "0004", lock_seconds=0.01, tries=2)

    assert is_applied()


@on_postgresql
def test_lock_that_is_given_later_is_got_by_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    with reader() as other:
        monkeypatch.setattr(time, "sleep", lambda seconds: other.commit())

        migrate("content", "0004", lock_seconds=0.01, tries=2)

    taken_back = not is_applied()
    migrate()
    assert (taken_back, is_applied()) == (True, True)


@on_postgresql
def test_limit_for_locks_ends_with_the_command() -> None:
    migrate(lock_seconds=0.01)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_nothing_to_do_is_no_error() -> None:
    migrate()

    assert is_applied()
