"""Triggers that migrations raise on both databases, so that other programs and our own mistakes cannot change what stays as it is.

They are no protection against somebody who may drop triggers. SQLite drops a table's triggers with the table, and Django writes
a table anew to alter it there: a migration that alters a guarded table calls `lower` before and `raise_` after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython


def on_sqlite(table: str, name: str, event: str, condition: str, sentence: str) -> tuple[str, str]:
    """Return the name of a trigger that refuses, with a sentence, an event on rows that fulfil a condition, and its statement."""
    trigger = f"{table}_guard_{name}"
    return trigger, (
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def taken(table: str) -> str:
    """Return SQL that says whether a row with the new one's id is there already: SQLite's REPLACE takes it away unseen."""
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id)"  # noqa: S608  names of our own tables


def refusal(sentence: str) -> str:
    """Return the statement of PL/pgSQL that refuses with a sentence."""
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"


def function(name: str, body: str) -> str:
    """Return the statement that makes a function for triggers of PostgreSQL."""
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def on_postgresql(table: str, called: str, events: str = "UPDATE OR DELETE", *, emptied: bool = True) -> Iterator[str]:
    """Yield the statements that call a function before events on a table's rows, and before all are taken where `emptied`."""
    yield f"CREATE TRIGGER {table}_guard BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {called}()"
    if emptied:
        yield f"CREATE TRIGGER {table}_guard_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {called}()"


@dataclass(frozen=True)
class Triggers:
    """The triggers of one migration.

    Attributes:
        tables: which tables they guard.
        functions: what they call on PostgreSQL.
        sqlite: name and statement of each there, see `on_sqlite`.
        postgresql: the statements that make functions and triggers there.
    """

    tables: Sequence[str]
    functions: Sequence[str]
    sqlite: Sequence[tuple[str, str]]
    postgresql: Sequence[str]

    def raise_(self, connection: BaseDatabaseWrapper) -> None:
        """Put the triggers there; those that are there already are made anew."""
        self.lower(connection)
        made = {"sqlite": [statement for _, statement in self.sqlite], "postgresql": self.postgresql}
        _run(connection, made.get(connection.vendor, ()))

    def lower(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers away."""
        gone = {
            "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name, _ in self.sqlite],
            "postgresql": [
                f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
                for table in self.tables
                for name in ("guard", "guard_all")
            ],
        }
        _run(connection, gone.get(connection.vendor, ()))

    def operation(self) -> RunPython:
        """Return the operation of the migration."""

        def forwards(apps: Any, schema_editor: Any) -> None:
            self.raise_(schema_editor.connection)

        def backwards(apps: Any, schema_editor: Any) -> None:
            self.lower(schema_editor.connection)
            if schema_editor.connection.vendor == "postgresql":
                _run(schema_editor.connection, [f"DROP FUNCTION IF EXISTS {name}()" for name in self.functions])

        return RunPython(forwards, backwards)


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
