"""What `make check` refuses in a migration: whatever the release before it, which still serves, could not live with."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently as DjangosOwn
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now, Random, Upper

from content import operations
from scripts import lint_migrations

NUMBER = models.IntegerField()
SHORT = models.CharField(max_length=20, db_default="")


def fill(apps: Any, schema_editor: Any) -> None:
    """Stand for code that writes rows."""


def shop() -> ProjectState:
    """Return what was there before: items, and what they may point to."""
    state = ProjectState()
    key = ("id", models.BigAutoField(primary_key=True))
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        key,
        ("name", SHORT),
        ("note", models.TextField(null=True)),
        ("number", NUMBER),
    ]
    fields.append(("makers", models.ManyToManyField("Maker")))
    migrations.CreateModel("Maker", [key]).state_forwards("shop", state)
    migrations.CreateModel("Item", fields).state_forwards("shop", state)
    return state


def refused(*wanted: Operation, **attributes: Any) -> list[str]:
    """Return the kind of each complaint about a migration."""
    migration = type("Migration", (migrations.Migration,), {"operations": [*wanted], **attributes})("0002_next", "shop")
    return [words.rpartition("(")[2].rstrip(")") for words in lint_migrations.complaints(migration, shop())]


def new(field: models.Field[Any, Any]) -> Operation:
    """Return what adds a field to items."""
    return migrations.AddField("Item", "new", field)


def changed(name: str, field: models.Field[Any, Any]) -> Operation:
    """Return what changes a field of items."""
    return migrations.AlterField("Item", name, field)


BREAKING = {
    "a column goes": migrations.RemoveField("Item", "note"),
    "a table goes": migrations.DeleteModel("Maker"),
    "a column is renamed": migrations.RenameField("Item", "note", "words"),
    "a column is renamed by an option": changed("note", models.TextField(null=True, db_column="words")),
    "a table is renamed": migrations.AlterModelTable("Item", "things"),
    "a model is renamed": migrations.RenameModel("Item", "Thing"),
    "a column that must be filled": new(models.IntegerField()),
    "a column that Django alone fills": new(models.IntegerField(default=1)),
    "a column may no longer be empty": changed("note", models.TextField()),
    "a default of the database goes": changed("name", models.CharField(max_length=20)),
    "a column is narrower": changed("name", models.CharField(max_length=10, db_default="")),
    "links get another table": changed("makers", models.ManyToManyField("Maker", db_table="made_by")),
    "a column has another type": changed("number", models.BigIntegerField()),
    "code that cannot be taken back": migrations.RunPython(fill, atomic=False),
}
LOCKING = {
    "an index": migrations.AddIndex("Item", models.Index(fields=["number"], name="by_number")),
    "an index of an expression": migrations.AddIndex("Item", models.Index(Upper("name"), name="by_name")),
    "a key": migrations.AddConstraint("Item", models.UniqueConstraint(fields=["number"], name="one")),
    "a check of all rows": migrations.AddConstraint(
        "Item", models.CheckConstraint(condition=models.Q(number__gt=0), name="more")
    ),
    "a column with an index": new(models.IntegerField(null=True, db_index=True)),
    "a column that is a key": new(models.IntegerField(null=True, unique=True)),
    "a link with its index": new(models.ForeignKey("Maker", models.CASCADE, null=True)),
    "a default that differs from row to row": new(models.FloatField(db_default=Random())),
    "a column worked out from others": new(
        models.GeneratedField(expression=Upper("name"), output_field=models.TextField(), db_persist=True)
    ),
    "a column gets an index": changed("number", models.IntegerField(db_index=True)),
    "a column becomes a key": changed("number", models.IntegerField(unique=True)),
    "a column gets a check": changed("number", models.PositiveIntegerField()),
    "columns become a key": migrations.AlterUniqueTogether("Item", {("name", "number")}),
    "an order of rows": migrations.AlterOrderWithRespectTo("Item", "number"),
    "rows written in one transaction": migrations.RunPython(fill, migrations.RunPython.noop),
    "SQL": migrations.RunSQL("SELECT 1", "SELECT 1"),
}
FINE = {
    "a column that may be empty": new(models.TextField(null=True)),
    "a column with a default of the database": new(models.TextField(db_default="")),
    "a column with the time as its default": new(models.DateTimeField(db_default=Now())),
    "a link without an index": new(models.ForeignKey("Maker", models.CASCADE, null=True, db_index=False)),
    "a table between two": new(models.ManyToManyField("Maker")),
    "a wider column": changed("name", models.CharField(max_length=40, db_default="")),
    "a column without a length": changed("name", models.TextField(db_default="")),
    "a column that may be empty from now on": changed("number", models.IntegerField(null=True)),
    "other words in a form": changed("number", models.IntegerField(help_text="How many")),
    "other words beside links": changed("makers", models.ManyToManyField("Maker", help_text="All of them")),
    "a check of what comes": operations.AddConstraintNotValid(
        "Item", models.CheckConstraint(condition=models.Q(number__gt=0), name="more")
    ),
    "a look at the rows afterwards": operations.ValidateConstraint("Item", "more"),
    "rows written some at a time": migrations.RunPython(fill, migrations.RunPython.noop, atomic=False),
}


@pytest.mark.parametrize("operation", BREAKING.values(), ids=BREAKING.keys())
def test_migration_that_old_code_cannot_live_with_is_refused(operation: Operation) -> None:
    assert refused(operation) == ["breaks"]


@pytest.mark.parametrize("operation", LOCKING.values(), ids=LOCKING.keys())
def test_migration_that_locks_a_table_for_long_is_refused(operation: Operation) -> None:
    assert refused(operation) == ["locks"]


@pytest.mark.parametrize("operation", FINE.values(), ids=FINE.keys())
def test_migration_that_only_adds_passes(operation: Operation) -> None:
    assert refused(operation) == []


@pytest.mark.parametrize("kind", [operations.AddIndexConcurrently, DjangosOwn], ids=["ours", "django's"])
def test_index_that_is_built_while_others_write_passes(kind: type[Operation]) -> None:
    index = models.Index(fields=["number"], name="by_number")

    assert refused(kind("Item", index), atomic=False) == []


def test_new_table_may_have_whatever_it_wants() -> None:
    key = ("id", models.BigAutoField(primary_key=True))
    made = migrations.CreateModel("Sale", [key, ("item", models.ForeignKey("Item", models.CASCADE)), ("at", NUMBER)])
    index = migrations.AddIndex("Sale", models.Index(fields=["at"], name="by_time"))

    assert refused(made, index, migrations.AddField("Sale", "code", models.IntegerField(unique=True))) == []


def test_what_hides_from_the_state_is_judged_as_well() -> None:
    hidden = migrations.SeparateDatabaseAndState([migrations.RemoveField("Item", "note")], [])

    assert refused(hidden) == ["breaks"]


def test_model_that_leaves_the_state_alone_passes() -> None:
    assert refused(migrations.SeparateDatabaseAndState([], [migrations.RemoveField("Item", "note")])) == []


def test_reason_that_names_a_release_excuses_what_old_code_cannot_live_with() -> None:
    gone = migrations.RemoveField("Item", "note")

    assert refused(gone, breaks="2.1: no release since 2.0 reads the note") == []


@pytest.mark.parametrize("reason", ["no release since 2.0 reads the note", "2.1: because", "2.1", ""])
def test_reason_without_a_release_or_without_words_excuses_nothing(reason: str) -> None:
    assert refused(migrations.RemoveField("Item", "note"), breaks=reason) == ["breaks"]


def test_reason_of_one_kind_does_not_excuse_the_other() -> None:
    both = migrations.RemoveField("Item", "note"), migrations.RunSQL("SELECT 1", "SELECT 1")

    assert refused(*both, locks="it reads nothing but one number") == ["breaks"]


def test_complaint_names_the_migration_and_what_to_do() -> None:
    migration = type("Migration", (migrations.Migration,), {"operations": [LOCKING["an index"]]})("0002_next", "shop")

    assert lint_migrations.complaints(migration, shop()) == [
        "shop.0002_next builds index by_number while nobody can write: content.operations.AddIndexConcurrently. (locks)"
    ]


def test_our_own_migrations_past_the_baseline_pass() -> None:
    found = [
        words for each in lint_migrations.newer(MigrationLoader(None)) for words in lint_migrations.complaints(*each)
    ]

    assert found == []


def test_baseline_names_migrations_that_are_there() -> None:
    known = set(MigrationLoader(None).disk_migrations)

    assert set(lint_migrations.BASELINE.items()) <= known


def test_migrations_past_a_baseline_are_read_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_migrations, "BASELINE", {"consultations": "0003_no_overlap_on_postgresql"})
    found = {str(migration) for migration, _ in lint_migrations.newer(MigrationLoader(None))}

    assert found >= {"consultations.0004_first_call_rules", "consultations.0007_search_by_parts"}
