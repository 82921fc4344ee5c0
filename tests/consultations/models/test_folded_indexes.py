"""The migration that builds indexes of folded names, on PostgreSQL: it runs again after a try that was stopped, and without trigrams."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

MIGRATION = import_module("consultations.migrations.0010_search_by_folded_parts")
NAMES = {MIGRATION.SAME, MIGRATION.PARTS}
OLD = {"consultations_request_name", "consultations_request_name_parts"}
STOPPED = f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{MIGRATION.PARTS}'::regclass"  # noqa: S608
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def valid() -> set[str]:
    """Return the names of the indexes of requests that PostgreSQL reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass AND indisvalid", [MIGRATION.REQUEST])  # fmt: skip
        return {name for (name,) in cursor.fetchall()}


def run(step: object) -> None:
    """Do one of the migration's two steps, outside of a transaction as it is."""
    assert callable(step)
    with connection.schema_editor(atomic=False) as editor:
        step(apps, editor)


def test_indexes_go_and_come_again_and_those_of_the_release_before_stay() -> None:
    run(MIGRATION.remove)
    without = valid()
    run(MIGRATION.add)

    assert without & (NAMES | OLD) == OLD
    assert valid() & (NAMES | OLD) == NAMES | OLD


def test_what_was_done_before_is_not_done_twice_and_what_was_half_done_is_done_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STOPPED)
    assert valid() & NAMES == {MIGRATION.SAME}

    run(MIGRATION.add)

    assert valid() & NAMES == NAMES


def test_host_that_allows_no_trigrams_gets_the_other_index(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE no_trigrams")
        cursor.execute(f"ALTER TABLE {MIGRATION.REQUEST} OWNER TO no_trigrams")
        cursor.execute("GRANT USAGE, CREATE ON SCHEMA public TO no_trigrams")
        cursor.execute("SET ROLE no_trigrams")
    try:
        run(MIGRATION.add)
        found = valid() & NAMES
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"ALTER TABLE {MIGRATION.REQUEST} OWNER TO CURRENT_USER")
            cursor.execute("REVOKE ALL ON SCHEMA public FROM no_trigrams")
            cursor.execute("DROP ROLE no_trigrams")
        run(import_module("consultations.migrations.0007_search_by_parts").remove)
        run(import_module("consultations.migrations.0007_search_by_parts").add)
        run(MIGRATION.add)

    assert found == {MIGRATION.SAME}
    assert "Parts of names are searched without an index" in capsys.readouterr().out
    assert valid() & NAMES == NAMES
