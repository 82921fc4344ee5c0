"""Operations for migrations that run while the site is used: on PostgreSQL they hold no lock for long, elsewhere they are Django's plain ones.

decision 26 tells which migrations need them; `make check` refuses those that do without.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.postgres import operations as postgres
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.migrations.state import ProjectState

INVALID = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"


class AddIndexConcurrently(postgres.AddIndexConcurrently):
    """Builds an index while others write; its migration says `atomic = False`.

    What an earlier try left behind half built, as when the server was stopped, is removed first.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Build it, however long others hold their transactions open: nobody waits for this."""
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        self._ensure_not_in_transaction(schema_editor)
        with _patient(schema_editor):
            _clear(schema_editor, schema_editor.quote_name(self.index.name))
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Remove it."""
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
            return
        with _patient(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class AddConstraintNotValid(postgres.AddConstraintNotValid):
    """Adds a check for what is written from now on; `ValidateConstraint`, in a migration after it, asks the rows that are there."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add it; where it cannot be added without a look at all rows, with that."""
        plain = schema_editor.connection.vendor != "postgresql"
        kind = AddConstraint if plain else postgres.AddConstraintNotValid
        kind.database_forwards(self, app_label, schema_editor, from_state, to_state)


class ValidateConstraint(postgres.ValidateConstraint):
    """Asks all rows whether they keep a check, while others read and write."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Ask them; elsewhere that was done when the check was added."""
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def build_index(schema_editor: BaseDatabaseSchemaEditor, name: str, definition: str) -> None:
    """Build an index of PostgreSQL's own kinds while others write, as `AddIndexConcurrently` does; one that is there stays."""
    with _patient(schema_editor), schema_editor.connection.cursor() as cursor:
        _clear(schema_editor, name)
        cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {definition}")


def drop_index(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    """Remove an index that `build_index` built, if it is there."""
    with _patient(schema_editor), schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _clear(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    """Remove an index that an earlier try left behind half built."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(INVALID, [name])
        if cursor.fetchone():
            cursor.execute(f"DROP INDEX CONCURRENTLY {name}")


@contextmanager
def _patient(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Wait for others without the limit of `manage.py migrate`."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        before = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", before)
