"""Marks the requests whose visitors go elsewhere, so that who sees one center pays no more than who sees them all.

A request is seen by its center, and by each center at which its visitor has an appointment. Few have one elsewhere: triggers mark
those appointments (`elsewhere`) and their requests (`visits_elsewhere`), and no others are looked at. A mark is never taken back: it
says where to look, and whether there is an appointment that counts is asked of its center and status (models/place.py).

SQLite drops a table's triggers with the table, and Django writes a table anew to alter it there: a migration that alters requests or
appointments calls `remove` before and `add` after.
"""

from django.db import migrations

from content.triggers import function

REQUEST, APPOINTMENT = "consultations_consultationrequest", "consultations_appointment"
NAME = "consultations_visits_elsewhere"
BOOKED, NAMED = f"{NAME}_booked", f"{NAME}_named"
# After an appointment was written: whether its request names another center or none, and the marks of both.
IS_AWAY = f"""NEW.center_id IS NOT NULL AND EXISTS (SELECT 1 FROM {REQUEST} AS mine WHERE mine.id = NEW.request_id
    AND (mine.center_id IS NULL OR mine.center_id <> NEW.center_id))"""  # noqa: S608  names of our own tables
MARK = f"""UPDATE {REQUEST} SET visits_elsewhere = {{true}} WHERE id = NEW.request_id AND NOT visits_elsewhere;
    UPDATE {APPOINTMENT} SET elsewhere = {{true}} WHERE id = NEW.id AND NOT elsewhere;"""  # noqa: S608  as above
# After a request was given another center or none: its appointments that are elsewhere now.
AWAY = f"""FROM {APPOINTMENT} AS visit WHERE visit.request_id = NEW.id AND visit.center_id IS NOT NULL
    AND (NEW.center_id IS NULL OR visit.center_id <> NEW.center_id)"""
MARK_ALL = f"""UPDATE {APPOINTMENT} SET elsewhere = {{true}} WHERE NOT elsewhere AND id IN (SELECT visit.id {AWAY});
    UPDATE {REQUEST} SET visits_elsewhere = {{true}} WHERE id = NEW.id AND NOT visits_elsewhere AND EXISTS (SELECT 1 {AWAY});"""  # noqa: S608  as above
RAISED = {
    "sqlite": [
        f"CREATE TRIGGER {BOOKED} AFTER INSERT ON {APPOINTMENT} WHEN {IS_AWAY} BEGIN {MARK.format(true='1')} END",
        f"CREATE TRIGGER {BOOKED}_anew AFTER UPDATE OF center_id, request_id ON {APPOINTMENT} WHEN {IS_AWAY}"
        f" BEGIN {MARK.format(true='1')} END",
        f"CREATE TRIGGER {NAMED} AFTER UPDATE OF center_id ON {REQUEST} BEGIN {MARK_ALL.format(true='1')} END",
    ],
    "postgresql": [
        function(BOOKED, f"IF {IS_AWAY} THEN {MARK.format(true='true')} END IF; RETURN NULL;"),
        f"CREATE TRIGGER {BOOKED} AFTER INSERT OR UPDATE OF center_id, request_id ON {APPOINTMENT}"
        f" FOR EACH ROW EXECUTE FUNCTION {BOOKED}()",
        function(NAMED, f"{MARK_ALL.format(true='true')} RETURN NULL;"),
        f"CREATE TRIGGER {NAMED} AFTER UPDATE OF center_id ON {REQUEST} FOR EACH ROW EXECUTE FUNCTION {NAMED}()",
    ],
}
LOWERED = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in (BOOKED, f"{BOOKED}_anew", NAMED)],
    "postgresql": [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in (BOOKED, NAMED)],
}


def add(apps, schema_editor):
    for statement in RAISED.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in LOWERED.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("consultations", "0007_search_by_parts")]

    operations = [migrations.RunPython(add, remove)]
