"""What the database says about times that are taken: the key of the cells, and PostgreSQL's second net. Taken away for controls."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RemoveConstraint

NO_OVERLAP = import_module("consultations.migrations.0003_no_overlap_on_postgresql")


def take_away() -> Callable[[], None]:
    """Drop both and return what puts them back."""
    drop = RemoveConstraint("timecell", "consultations_timecell_taken_once")
    guarded = MigrationLoader(connection).project_state()
    # SQLite makes the table anew from what the models are said to be, so they are said to have no key.
    bare = guarded.clone()
    drop.state_forwards("consultations", bare)
    with connection.schema_editor() as editor:
        drop.database_forwards("consultations", editor, guarded, bare)
        NO_OVERLAP.remove(None, editor)

    def put_back() -> None:
        with connection.schema_editor() as editor:
            drop.database_backwards("consultations", editor, bare, guarded)
            NO_OVERLAP.add(None, editor)

    return put_back
