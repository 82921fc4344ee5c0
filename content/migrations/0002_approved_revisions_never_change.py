"""Triggers: what was submitted, approved or withdrawn does not change, whoever asks, and neither does its history.

Of a revision, words change while it is a draft or was sent back; what an approval says is written once; after that only its
end moves, and `published_at`, which follows the article's other revisions; a withdrawn one is as it is for good. Of an article, no two revisions are public at the same moment.
"""

from django.db import migrations

from content.triggers import Triggers, function, on_postgresql, on_sqlite, refusal, taken

WORDS = "based_on_id title summary lead key_points illustration author_id edited_by_id edited_at".split()
APPROVAL = "approved_by_id approved_at medical_reviewer_id go_live_at reviewed_on next_review_on".split()
PARTS = ["content_section", "content_articlereference", "content_relatedarticle"]
TABLES = ["content_revision", *PARTS, "content_revisionevent"]
FUNCTIONS = {"content_revision": "content_revision_guard", "content_revisionevent": "content_history_guard"}

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


def for_sqlite():
    """Return (name, statement) of each trigger; a row that REPLACE takes away is seen by no trigger but that of the new one."""
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
    return [on_sqlite(*rule) for rule in rules]


def for_postgresql():
    """Yield the statements that make functions and triggers."""
    bodies = {
        "content_revision_guard": f"""
            IF TG_OP = 'TRUNCATE' THEN {refusal(FROZEN)} END IF;
            IF TG_OP = 'DELETE' THEN
                IF OLD.state NOT IN ('draft', 'sent_back') THEN {refusal(FROZEN)} END IF;
                RETURN OLD;
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF {broken("IS DISTINCT FROM")} THEN {refusal(FROZEN)} END IF;
            END IF;
            IF {OVERLAP} THEN {refusal(TWICE)} END IF;
            RETURN NEW;""",
        "content_part_guard": f"""
            IF TG_OP = 'TRUNCATE' THEN {refusal(FROZEN)} END IF;
            IF TG_OP <> 'INSERT' THEN
                IF {fixed("OLD")} THEN {refusal(FROZEN)} END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF {fixed("NEW")} THEN {refusal(FROZEN)} END IF;
            RETURN NEW;""",
        "content_history_guard": refusal(HISTORY),
    }
    for name, body in bodies.items():
        yield function(name, body)
    for table in TABLES:
        called = FUNCTIONS.get(table, "content_part_guard")
        events = "UPDATE OR DELETE" if table == "content_revisionevent" else "INSERT OR UPDATE OR DELETE"
        yield from on_postgresql(table, called, events)


TRIGGERS = Triggers(TABLES, [*FUNCTIONS.values(), "content_part_guard"], for_sqlite(), list(for_postgresql()))
raise_, lower = TRIGGERS.raise_, TRIGGERS.lower


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]

    operations = [TRIGGERS.operation()]
