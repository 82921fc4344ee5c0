"""Refuses migrations during which the release before them could not go on working: part of `make check`.

A migration runs while the old code still serves, and what it locks, all readers queue behind. So it only adds, and takes no lock for
long; decision 26 says how the rest is done in two releases. What is meant all the same has a
reason in the migration, in one of two attributes of its class:

    breaks = "2.1: no release since 2.0 reads this column"   the release from which on it may run, and why no old code minds
    locks = "the table has seven rows"                       why what it does to existing rows is short
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.contrib.postgres import operations as postgres
from django.db import models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations import Migration, RunPython, RunSQL, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import AlterTogetherOptionOperation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

# The last migrations of the time before sites were updated while they run.
BASELINE = {"content": "0005_decisions_never_change", "consultations": "0008_visits_elsewhere"}
BREAKS, LOCKS = "breaks", "locks"
REASONS = {BREAKS: re.compile(r"\d+(\.\d+)+: .{15,}"), LOCKS: re.compile(".{15,}")}
# Short, and old code does not mind them. New tables are nobody's yet.
HARMLESS = (
    operations.CreateModel, operations.RemoveConstraint, operations.RemoveIndex, operations.RenameIndex, operations.AlterModelOptions,
    operations.AlterModelManagers, operations.AlterModelTableComment, operations.AlterConstraint, postgres.AddIndexConcurrently,
    postgres.AddConstraintNotValid, postgres.ValidateConstraint, postgres.CreateExtension,
)  # fmt: skip
GONE, RENAMED = (
    "takes away {0.name}, which old code still reads",
    "gives a table another name, which old code does not know",
)
REFUSED: dict[type[Operation], Complaint] = {
    operations.AddIndex: (
        LOCKS,
        "builds index {0.index.name} while nobody can write: content.operations.AddIndexConcurrently",
    ),
    operations.AddConstraint: (
        LOCKS,
        "has all rows checked for {0.constraint.name} while nobody can write: content.operations.AddConstraintNotValid, or an index first",
    ),
    operations.RemoveField: (BREAKS, GONE),
    operations.DeleteModel: (BREAKS, GONE),
    operations.RenameModel: (BREAKS, RENAMED),
    operations.AlterModelTable: (BREAKS, RENAMED),
}
# No connection is made: it is asked for names of types only.
POSTGRESQL = DatabaseWrapper({"NAME": "none", "OPTIONS": {}})
VARCHAR = re.compile(r"varchar\((\d+)\)")

type Complaint = tuple[str, str]


def complaints(migration: Migration, state: ProjectState) -> list[str]:
    """Return a sentence for each thing that nothing in the migration excuses; `state` is what was there before it, and is changed."""
    known = set(state.models)
    found = [each for operation in migration.operations for each in _judged(operation, migration, state, known)]
    reasons = {kind: str(getattr(migration, kind, "")) for kind in REASONS}
    return [
        f"{migration.app_label}.{migration.name} {words}. ({kind})"
        for kind, words in found
        if not REASONS[kind].fullmatch(reasons[kind])
    ]


def _judged(
    operation: Operation, migration: Migration, state: ProjectState, known: set[tuple[str, str]]
) -> Iterator[Complaint]:
    """Yield what is wrong with one operation, and take the state past it."""
    app = migration.app_label
    if isinstance(operation, operations.SeparateDatabaseAndState):
        apart = state.clone()
        for each in operation.database_operations:
            yield from _judged(each, migration, apart, known)
        operation.state_forwards(app, state)
        return
    before = state.clone()
    operation.state_forwards(app, state)
    name = getattr(operation, "model_name", getattr(operation, "name", "")) or ""
    is_new = (app, name.lower()) not in known
    if isinstance(operation, (RunPython, RunSQL)):
        yield from _data(operation, migration)
    elif not isinstance(operation, HARMLESS) and not (is_new and not isinstance(operation, operations.RenameModel)):
        yield from _change(operation, app, before, state)


def _data(operation: RunPython | RunSQL, migration: Migration) -> Iterator[Complaint]:
    if not operation.reversible:
        yield BREAKS, f"cannot be taken back: {type(operation).__name__} without a reverse"
    if isinstance(operation, RunSQL):
        yield LOCKS, "runs SQL that this check does not read"
    elif migration.atomic and operation.atomic is not False:
        yield LOCKS, "writes rows in one transaction, which holds them to its end: atomic = False, and some at a time"


def _change(operation: Operation, app: str, before: ProjectState, after: ProjectState) -> Iterator[Complaint]:
    """Yield what is wrong with a change of a table that was there before."""
    if isinstance(operation, operations.AddField):
        yield from _added(operation.name, operation.field)
    elif isinstance(operation, (operations.AlterField, operations.RenameField)):
        old, new = getattr(operation, "old_name", operation.name), getattr(operation, "new_name", operation.name)
        model = operation.model_name_lower
        yield from _altered(_field(before, app, model, old), _field(after, app, model, new))
    elif not (isinstance(operation, AlterTogetherOptionOperation) and not operation.option_value):
        unknown = LOCKS, f"does what this check does not know: {type(operation).__name__}"
        kind, words = next((each for sort, each in REFUSED.items() if isinstance(operation, sort)), unknown)
        yield kind, words.format(operation)


def _field(state: ProjectState, app: str, model: str, name: str) -> Any:
    # Rendered, since a foreign key has the type of what it points to.
    return state.apps.get_model(app, model)._meta.get_field(name)  # noqa: SLF001  how to ask about models


def _added(name: str, field: Any) -> Iterator[Complaint]:
    if isinstance(field, models.ManyToManyField):
        return
    default = field.db_default
    if not field.null and not field.has_db_default() and not field.generated:
        yield BREAKS, f"adds {name}, which old code leaves out of its INSERT: null=True or db_default"
    if field.unique or field.db_index:
        yield (
            LOCKS,
            f"builds the index of {name} while nobody can write: db_index=False, and an index in a migration of its own",
        )
    if field.generated or (hasattr(default, "resolve_expression") and not isinstance(default, (models.Value, Now))):
        yield LOCKS, f"adds {name}, for which every row is written anew"


def _altered(old: Any, new: Any) -> Iterator[Complaint]:
    name = new.name
    if old.many_to_many or new.many_to_many:
        if not (old.many_to_many and new.many_to_many and old.m2m_db_table() == new.m2m_db_table()):
            yield BREAKS, f"gives {name} another table, which old code does not know"
        return
    was, becomes = old.db_parameters(POSTGRESQL), new.db_parameters(POSTGRESQL)
    type_before, type_now = was["type"], becomes["type"]
    checked = becomes["check"] not in {None, was["check"]} or _points(new) not in {None, _points(old)}
    for is_so, kind, words in (
        (old.column != new.column, BREAKS, f"gives column {old.column} another name, which old code does not know"),
        (not _holds(type_before, type_now), BREAKS, f"makes {type_now} of {name}, which is {type_before}: rows do not fit, or are written anew"),
        (old.has_db_default() > (new.has_db_default() or new.null), BREAKS, f"takes the default of {name} away, which old code leaves to the database"),
        (old.null > new.null, BREAKS, f"forbids {name} to be empty, as old code may leave it"),
        (_is_indexed(old) < _is_indexed(new), LOCKS, f"builds an index on {name} while nobody can write"),
        (checked, LOCKS, f"has all rows checked for what {name} may hold, while nobody can write"),
    ):  # fmt: skip
        if is_so:
            yield kind, words


def _holds(was: str, becomes: str) -> bool:
    """Return whether every value of a type is one of another, and PostgreSQL knows that without looking at the rows."""
    old, new = VARCHAR.fullmatch(was), VARCHAR.fullmatch(becomes)
    return was == becomes or (
        old is not None and (becomes == "text" or (new is not None and int(new[1]) >= int(old[1])))
    )


def _is_indexed(field: Any) -> bool:
    return bool(field.unique or field.db_index)


def _points(field: Any) -> str | None:
    """Return the table that a foreign key points to, where the database holds it to that."""
    to = field.remote_field and field.db_constraint and field.remote_field.model
    return to._meta.db_table if to else None  # noqa: SLF001  how to ask about models


def newer(loader: MigrationLoader) -> Iterator[tuple[Migration, ProjectState]]:
    """Yield each of our migrations past the baseline, with what was there before it."""
    for app, last in BASELINE.items():
        for key in loader.graph.forwards_plan(loader.graph.leaf_nodes(app)[0]):
            if key[0] == app and key[1] > last:
                yield loader.get_migration(*key), loader.project_state(key, at_end=False)


def main() -> int:
    """Judge them all; return 0 when none is refused."""
    found = [words for migration, state in newer(MigrationLoader(None)) for words in complaints(migration, state)]
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    django.setup()
    sys.exit(main())
