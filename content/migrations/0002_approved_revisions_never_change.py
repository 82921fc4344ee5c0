"""Triggers: what was submitted, approved or withdrawn does not change, whoever asks, and neither does its history.

Of a revision, words change while it is a draft or was sent back; what an approval says is written once; after that only its
end moves, and `published_at`, which follows the article's other revisions; a withdrawn one is as it is for good. Of an article, no two revisions are public at the same moment.

SQLite drops a table's triggers with the table, and Django writes a table anew to alter it there: a later migration that alters
one of these tables calls `lower` before and `raise_` after.
"""

from django.db import migrations

WORDS = "based_on_id title summary lead key_points illustration author_id edited_by_id edited_at".split()
APPROVAL = "approved_by_id approved_at medical_reviewer_id go_live_at reviewed_on next_review_on".split()
PARTS = ["content_section", "content_articlereference", "content_relatedarticle"]
TABLES = ["content_revision", *PARTS, "content_revisionevent"]

FROZEN = "This revision was submitted, approved or withdrawn: it does not change."
HISTORY = "What was done stays written."
TWICE = "Two revisions of an article cannot be public at the same moment."


def differs(columns, distinct):
    """Return SQL that says whether one of the columns is to change."""
    return "(" + " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in columns) + ")"


# Readers can first see an article with the revision itself, or with another one, whichever is approved first.
FOLLOWS = """(
            NEW.published_at IS NOT NULL AND (NEW.published_at = OLD.go_live_at OR EXISTS (
                SELECT 1 FROM content_revision AS other WHERE other.article_id = OLD.article_id
                AND other.id <> OLD.id AND other.published_at = NEW.published_at
            ))
        )"""


def broken(distinct):
    """Return SQL that says whether an update of a revision breaks a rule."""
    return f"""
        OLD.state = 'withdrawn'
        OR (OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'withdrawn'))
        OR (OLD.state NOT IN ('draft', 'sent_back') AND {differs(WORDS, distinct)})
        OR (OLD.approved_at IS NOT NULL AND {differs(APPROVAL, distinct)})
        OR (OLD.approved_at IS NOT NULL AND {differs(["published_at"], distinct)} AND NOT {FOLLOWS})
        OR NEW.id <> OLD.id OR NEW.article_id <> OLD.article_id OR NEW.number <> OLD.number"""


# Two transactions at once do not see each other here; of two without an end, the key content_revision_one_without_end refuses one.
OVERLAP = """
    NEW.go_live_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM content_revision AS other
        WHERE other.article_id = NEW.article_id AND other.id <> NEW.id AND other.go_live_at IS NOT NULL
        AND (other.withdrawn_at IS NULL OR (other.withdrawn_at > other.go_live_at AND other.withdrawn_at > NEW.go_live_at))
        AND (NEW.withdrawn_at IS NULL OR (NEW.withdrawn_at > NEW.go_live_at AND NEW.withdrawn_at > other.go_live_at))
    )"""


def fixed(row):
    """Return SQL that says whether the revision of a part can no longer change."""
    return (
        f"EXISTS (SELECT 1 FROM content_revision AS mine WHERE mine.id = {row}.revision_id"
        " AND mine.state NOT IN ('draft', 'sent_back'))"
    )


def taken(table):
    """Return SQL that says whether a row with the new one's id is there already."""
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id)"


def for_sqlite():
    """Yield (name, statement) of each trigger; a row that REPLACE takes away is seen by no trigger but that of the new one."""
    same = "old.id = NEW.id OR (old.article_id = NEW.article_id AND old.number = NEW.number)"
    rules = [
        ("content_revision", "update", "UPDATE", broken("IS NOT"), FROZEN),
        ("content_revision", "overlap", "UPDATE", OVERLAP, TWICE),
        ("content_revision", "overlap_new", "INSERT", OVERLAP, TWICE),
        ("content_revision", "replace", "INSERT", f"EXISTS (SELECT 1 FROM content_revision AS old WHERE {same})", FROZEN),
        ("content_revision", "delete", "DELETE", "OLD.state NOT IN ('draft', 'sent_back')", FROZEN),
        ("content_revisionevent", "replace", "INSERT", taken("content_revisionevent"), HISTORY),
        ("content_revisionevent", "update", "UPDATE", "1", HISTORY),
        ("content_revisionevent", "delete", "DELETE", "1", HISTORY),
    ]
    for table in PARTS:
        rules += [
            (table, "insert", "INSERT", f"{fixed('NEW')} OR {taken(table)}", FROZEN),
            (table, "update", "UPDATE", f"{fixed('OLD')} OR {fixed('NEW')}", FROZEN),
            (table, "delete", "DELETE", fixed("OLD"), FROZEN),
        ]
    for table, name, event, condition, sentence in rules:
        yield (
            f"{table}_guard_{name}",
            f"CREATE TRIGGER {table}_guard_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
        )


def refusal(sentence):
    """Return the statement of PL/pgSQL that refuses."""
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'"


def for_postgresql():
    """Yield the statements that make functions and triggers."""
    bodies = {
        "content_revision_guard": f"""
            IF TG_OP = 'TRUNCATE' THEN {refusal(FROZEN)}; END IF;
            IF TG_OP = 'DELETE' THEN
                IF OLD.state NOT IN ('draft', 'sent_back') THEN {refusal(FROZEN)}; END IF;
                RETURN OLD;
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF {broken("IS DISTINCT FROM")} THEN {refusal(FROZEN)}; END IF;
            END IF;
            IF {OVERLAP} THEN {refusal(TWICE)}; END IF;
            RETURN NEW;""",
        "content_part_guard": f"""
            IF TG_OP = 'TRUNCATE' THEN {refusal(FROZEN)}; END IF;
            IF TG_OP <> 'INSERT' THEN
                IF {fixed("OLD")} THEN {refusal(FROZEN)}; END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF {fixed("NEW")} THEN {refusal(FROZEN)}; END IF;
            RETURN NEW;""",
        "content_history_guard": f"{refusal(HISTORY)};",
    }
    for name, body in bodies.items():
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    for table in TABLES:
        function = {"content_revision": "content_revision_guard", "content_revisionevent": "content_history_guard"}.get(
            table, "content_part_guard"
        )
        rows = "UPDATE OR DELETE" if table == "content_revisionevent" else "INSERT OR UPDATE OR DELETE"
        yield f"CREATE TRIGGER {table}_guard BEFORE {rows} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        yield f"CREATE TRIGGER {table}_guard_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"


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
            for table in TABLES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard_all ON {table}")


def forwards(apps, schema_editor):
    """Guard the tables."""
    raise_(schema_editor.connection)


def backwards(apps, schema_editor):
    """Guard them no longer."""
    lower(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        for name in ("content_revision_guard", "content_part_guard", "content_history_guard"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
