"""Triggers: what happened, who opened what, what was exported and who was merged with whom stays written, whoever asks.

Two changes are allowed. Words go once the request that they are about was erased; and words are sealed anew when a key is
replaced: a Fernet token says in its first twelve signs when it was made, and sealing it anew keeps them and its length, as
the words stay the same. Somebody who has the keys and the database could forge that; it stops programs and slips.

SQLite drops a table's triggers with the table, and Django writes a table anew to alter it there: a later migration that alters
one of these tables calls `lower` before and `raise_` after.
"""

from django.db import migrations

SENTENCE = "History is written once and never changed."
ACTIVITY, OPENED = "consultations_activity", "consultations_accessentry"
EXPORTED, MERGED = "consultations_exportentry", "consultations_personmerge"
# Columns that never change, and the sealed one that may be emptied or sealed anew, if there is one.
COLUMNS = {
    ACTIVITY: ("id request_id kind at by_id from_status to_status outcome".split(), "text"),
    OPENED: ("id request_id by_id what at hour".split(), None),
    EXPORTED: ("id by_id at format rows filters".split(), "reason"),
    MERGED: ("id kept_id merged_id by_id at".split(), "reason"),
}
# When the sealed column may be emptied.
EMPTIED = {
    ACTIVITY: (
        "EXISTS (SELECT 1 FROM consultations_consultationrequest AS mine"
        " WHERE mine.id = OLD.request_id AND mine.erased_at IS NOT NULL)"
    ),
    MERGED: "NEW.final_at IS NOT NULL",
}
# What is written of a merge later is written once.
ONCE = {MERGED: ["undone_by_id", "undone_at", "final_at"]}


def broken(table, distinct):
    """Return SQL that says whether an update breaks the rule."""
    fixed, sealed = COLUMNS[table]
    rules = [f"NEW.{name} {distinct} OLD.{name}" for name in fixed]
    rules += [f"(OLD.{name} IS NOT NULL AND NEW.{name} {distinct} OLD.{name})" for name in ONCE.get(table, [])]
    if sealed:
        new, old = f"NEW.{sealed}", f"OLD.{sealed}"
        anew = f"({old} <> '' AND length({new}) = length({old}) AND substr({new}, 1, 12) = substr({old}, 1, 12))"
        emptied = f"({new} = '' AND {EMPTIED[table]})" if table in EMPTIED else "1 = 0"
        rules.append(f"({new} <> {old} AND NOT {anew} AND NOT {emptied})")
    elif table not in ONCE:
        rules.append("1 = 1")
    return " OR ".join(rules)


def for_sqlite():
    """Yield (name, statement) of each trigger; a row that REPLACE takes away is seen by no trigger but that of the new one."""
    for table in COLUMNS:
        rules = [
            ("replace", "INSERT", f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id)"),
            ("update", "UPDATE", broken(table, "IS NOT")),
            ("delete", "DELETE", "1"),
        ]
        for name, event, condition in rules:
            yield (
                f"{table}_guard_{name}",
                f"CREATE TRIGGER {table}_guard_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
            )


def for_postgresql():
    """Yield the statements that make functions and triggers."""
    refuse = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';"
    for table in COLUMNS:
        body = f"""
            IF TG_OP <> 'UPDATE' THEN {refuse} END IF;
            IF {broken(table, "IS DISTINCT FROM")} THEN {refuse} END IF;
            RETURN NEW;"""
        yield f"CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield (
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
        )
        yield (
            f"CREATE TRIGGER {table}_guard_all BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()"
        )


def raise_(connection):
    """Put the triggers there; those that are there already are made anew."""
    lower(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for _, statement in for_sqlite():
                cursor.execute(statement)
        if connection.vendor == "postgresql":
            for statement in for_postgresql():
                cursor.execute(statement)


def lower(connection):
    """Take the triggers away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, _ in for_sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        if connection.vendor == "postgresql":
            for table in COLUMNS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard_all ON {table}")


def forwards(apps, schema_editor):
    """Guard the tables."""
    raise_(schema_editor.connection)


def backwards(apps, schema_editor):
    """Guard them no longer."""
    lower(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        for table in COLUMNS:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_guard()")


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_first_call_rules")]

    operations = [migrations.RunPython(forwards, backwards)]
