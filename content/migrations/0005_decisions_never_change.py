"""Triggers: a proposed change that was approved or withdrawn, its history, and what a reviewer let pass stay as they are, whoever asks.

Of a decided change only the id of the row that its approval made is still written, once.
"""

from django.db import migrations

from content.triggers import Triggers, function, on_postgresql, on_sqlite, refusal, taken

CHANGE, HISTORY = "content_proposedchange", ["content_proposedchangeevent", "content_claimoverride"]
CHANGE_GUARD, HISTORY_GUARD = "content_proposedchange_guard", "content_decision_guard"
DECIDED, WRITTEN = "This change was decided on: it does not change.", "What was decided stays written."
COLUMNS = (
    "id kind model title before after state version proposed_by_id proposed_at decided_by_id decided_at".split()
)


def decided(row):
    """Return SQL that says whether a change was decided on."""
    return f"{row}.state IN ('approved', 'withdrawn')"


def changed(distinct, cast=""):
    """Return SQL that says whether an update changes what stays."""
    names = " OR ".join(f"NEW.{name}{cast} {distinct} OLD.{name}{cast}" for name in COLUMNS)
    return f"{decided('OLD')} AND ({names} OR (OLD.row_id IS NOT NULL AND NEW.row_id {distinct} OLD.row_id))"


RULES = [
    (CHANGE, "update", "UPDATE", changed("IS NOT"), DECIDED),
    (CHANGE, "delete", "DELETE", decided("OLD"), DECIDED),
    (CHANGE, "replace", "INSERT", f"EXISTS (SELECT 1 FROM {CHANGE} AS old WHERE old.id = NEW.id AND {decided('old')})", DECIDED),
]
for table in HISTORY:
    RULES += [
        (table, "update", "UPDATE", "1", WRITTEN),
        (table, "delete", "DELETE", "1", WRITTEN),
        (table, "replace", "INSERT", taken(table), WRITTEN),
    ]
BODY = f"""
    IF TG_OP = 'TRUNCATE' THEN {refusal(DECIDED)} END IF;
    IF TG_OP = 'DELETE' THEN
        IF {decided("OLD")} THEN {refusal(DECIDED)} END IF;
        RETURN OLD;
    END IF;
    IF {changed("IS DISTINCT FROM", "::text")} THEN {refusal(DECIDED)} END IF;
    RETURN NEW;"""
TRIGGERS = Triggers(
    [CHANGE, *HISTORY],
    [CHANGE_GUARD, HISTORY_GUARD],
    [on_sqlite(*rule) for rule in RULES],
    [
        function(CHANGE_GUARD, BODY),
        function(HISTORY_GUARD, refusal(WRITTEN)),
        *on_postgresql(CHANGE, CHANGE_GUARD),
        *(statement for table in HISTORY for statement in on_postgresql(table, HISTORY_GUARD)),
    ],
)
raise_, lower = TRIGGERS.raise_, TRIGGERS.lower


class Migration(migrations.Migration):
    dependencies = [("content", "0004_pictures_never_change")]

    operations = [TRIGGERS.operation()]
