"""Triggers: what was said of a revision stays as it was said, whoever asks; only whether it is resolved changes.

As with migration 0002, SQLite drops them with the table.
"""

from django.db import migrations

TABLE = "content_revisioncomment"
SENTENCE = "What was said stays written."
COLUMNS = "id revision_id anchor heading words by_id at".split()


def for_sqlite():
    """Yield the statements that make the triggers."""
    differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in COLUMNS)
    taken = f"EXISTS (SELECT 1 FROM {TABLE} AS old WHERE old.id = NEW.id)"
    for name, event, condition in (("update", "UPDATE", differs), ("delete", "DELETE", "1"), ("replace", "INSERT", taken)):
        yield (
            f"CREATE TRIGGER {TABLE}_guard_{name} BEFORE {event} ON {TABLE} FOR EACH ROW WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def for_postgresql():
    """Yield the statements that make the function and the triggers."""
    differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in COLUMNS)
    refusal = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'"
    yield (
        f"CREATE OR REPLACE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP <> 'UPDATE' THEN {refusal}; END IF; IF {differs} THEN {refusal}; END IF; RETURN NEW; END $$"
    )
    yield f"CREATE TRIGGER {TABLE}_guard BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_guard()"
    yield f"CREATE TRIGGER {TABLE}_guard_all BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_guard()"


def raise_(connection):
    """Put the triggers there; those that are there already are made anew."""
    lower(connection)
    statements = {"sqlite": for_sqlite, "postgresql": for_postgresql}[connection.vendor]()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lower(connection):
    """Take the triggers away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_guard_{name}")
        if connection.vendor == "postgresql":
            for name in ("guard", "guard_all"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name} ON {TABLE}")


def forwards(apps, schema_editor):
    """Guard the table."""
    raise_(schema_editor.connection)


def backwards(apps, schema_editor):
    """Guard it no longer."""
    lower(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_guard()")


class Migration(migrations.Migration):
    dependencies = [("content", "0002_approved_revisions_never_change")]

    operations = [migrations.RunPython(forwards, backwards)]
