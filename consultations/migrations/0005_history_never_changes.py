"""Triggers: what happened, who opened what, what was exported and who was merged with whom stays written, whoever asks.

Two changes are allowed. Words go once the request that they are about was erased; and words are sealed anew when a key is
replaced: a Fernet token says in its first twelve signs when it was made, and sealing it anew keeps them and its length, as
the words stay the same. Somebody who has the keys and the database could forge that; it stops programs and slips.
"""

from django.db import migrations

from content.triggers import Triggers, function, on_postgresql, on_sqlite, refusal, taken

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
        yield on_sqlite(table, "replace", "INSERT", taken(table), SENTENCE)
        yield on_sqlite(table, "update", "UPDATE", broken(table, "IS NOT"), SENTENCE)
        yield on_sqlite(table, "delete", "DELETE", "1", SENTENCE)


def for_postgresql():
    """Yield the statements that make functions and triggers."""
    for table in COLUMNS:
        body = f"""
            IF TG_OP <> 'UPDATE' THEN {refusal(SENTENCE)} END IF;
            IF {broken(table, "IS DISTINCT FROM")} THEN {refusal(SENTENCE)} END IF;
            RETURN NEW;"""
        yield function(f"{table}_guard", body)
        yield from on_postgresql(table, f"{table}_guard")


TRIGGERS = Triggers([*COLUMNS], [f"{table}_guard" for table in COLUMNS], [*for_sqlite()], [*for_postgresql()])
raise_, lower = TRIGGERS.raise_, TRIGGERS.lower


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_first_call_rules")]

    operations = [TRIGGERS.operation()]
