"""Indexes and checks that are added while the site is used: the same in the end on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, NotSupportedError, connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from content import operations

TABLE = "content_shelf"
INDEX = operations.AddIndexConcurrently("Shelf", models.Index(fields=["number"], name="content_shelf_number"))
POSITIVE = models.CheckConstraint(condition=models.Q(number__gt=0), name="content_shelf_positive")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone can do it in two steps")
pytestmark = pytest.mark.django_db(transaction=True)


def applied(operation: Operation, state: ProjectState, *, atomic: bool = True) -> ProjectState:
    """Do what a migration with this one operation does; return what is there after it."""
    after = state.clone()
    operation.state_forwards("content", after)
    with connection.schema_editor(atomic=atomic) as editor:
        operation.database_forwards("content", editor, state, after)
    return after


def number(statement: str) -> int:
    """Return the number that a statement asks for."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def add_row(value: int) -> None:
    """Write a row past Django's models."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (number) VALUES ({value})")  # noqa: S608  a table and a number of this test


def indexes() -> set[str]:
    """Return the names of the table's indexes."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, TABLE)
    return {name for name, facts in found.items() if facts["index"] and not facts["primary_key"]}


@pytest.fixture
def shelf() -> Iterator[ProjectState]:
    """A table with one number in each row."""
    fields: list[tuple[str, models.Field[int, int]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("number", models.IntegerField()),
    ]
    yield applied(migrations.CreateModel("Shelf", fields), ProjectState())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def test_index_is_there_and_goes_again(shelf: ProjectState) -> None:
    after = applied(INDEX, shelf, atomic=False)
    built = indexes()

    with connection.schema_editor(atomic=False) as editor:
        INDEX.database_backwards("content", editor, after, shelf)

    assert (built, indexes()) == ({"content_shelf_number"}, set())


@on_postgresql
def test_index_that_an_earlier_try_left_half_built_is_built_anew(shelf: ProjectState) -> None:
    applied(INDEX, shelf, atomic=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'content_shelf_number'::regclass")

    applied(INDEX, shelf, atomic=False)

    valid = "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('content_shelf_number') AND indisvalid"
    assert number(valid) == 1


@on_postgresql
def test_limit_for_locks_is_the_same_after_an_index(shelf: ProjectState) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '7s'")

    applied(INDEX, shelf, atomic=False)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        kept = cursor.fetchone()
        cursor.execute("RESET lock_timeout")
    assert kept == ("7s",)


@on_postgresql
def test_index_in_a_transaction_is_refused(shelf: ProjectState) -> None:
    with pytest.raises(NotSupportedError):
        applied(INDEX, shelf, atomic=True)


@pytest.mark.parametrize("more", [[], [operations.ValidateConstraint("Shelf", POSITIVE.name)]], ids=["alone", "asked"])
def test_check_holds_for_what_is_written_from_then_on(shelf: ProjectState, more: list[Operation]) -> None:
    state = shelf
    for operation in (operations.AddConstraintNotValid("Shelf", POSITIVE), *more):
        state = applied(operation, state)

    with pytest.raises(IntegrityError):
        add_row(0)


@on_postgresql
def test_check_leaves_old_rows_alone_until_they_are_asked(shelf: ProjectState) -> None:
    add_row(-1)
    after = applied(operations.AddConstraintNotValid("Shelf", POSITIVE), shelf)

    with pytest.raises(IntegrityError):
        applied(operations.ValidateConstraint("Shelf", POSITIVE.name), after)
    assert number(f"SELECT count(*) FROM {TABLE}") == 1  # noqa: S608  a table of this test
