"""Triggers: what was said of a revision stays as it was said, whoever asks; only whether it is resolved changes."""

from django.db import migrations

from content.triggers import Triggers, function, on_postgresql, on_sqlite, refusal, taken

TABLE, GUARD = "content_revisioncomment", "content_revisioncomment_guard"
SENTENCE = "What was said stays written."
COLUMNS = "id revision_id anchor heading words by_id at".split()


def changed(distinct):
    """Return SQL that says whether an update changes what stays."""
    return " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in COLUMNS)


RULES = [("update", "UPDATE", changed("IS NOT")), ("delete", "DELETE", "1"), ("replace", "INSERT", taken(TABLE))]
BODY = f"""
    IF TG_OP <> 'UPDATE' THEN {refusal(SENTENCE)} END IF;
    IF {changed("IS DISTINCT FROM")} THEN {refusal(SENTENCE)} END IF;
    RETURN NEW;"""
TRIGGERS = Triggers(
    [TABLE],
    [GUARD],
    [on_sqlite(TABLE, *rule, SENTENCE) for rule in RULES],
    [function(GUARD, BODY), *on_postgresql(TABLE, GUARD)],
)
raise_, lower = TRIGGERS.raise_, TRIGGERS.lower


class Migration(migrations.Migration):
    dependencies = [("content", "0002_approved_revisions_never_change")]

    operations = [TRIGGERS.operation()]
