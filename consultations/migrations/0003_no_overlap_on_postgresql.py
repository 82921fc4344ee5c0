"""On PostgreSQL the database also refuses an overlapping appointment that came with no cells, as by plain SQL.

The unique key of TimeCell is the rule on every database; this is a second net below it. A range of one number stands for
"the same consultant", because comparing a plain number in such a constraint would need the extension btree_gist, which a
hosted database may not allow. It is checked at commit, so a move may hand time from the old row to the new one.
"""

from django.db import migrations

ADD = """
ALTER TABLE consultations_appointment ADD CONSTRAINT consultations_appointment_no_overlap
EXCLUDE USING gist (
    int8range(consultant_id, consultant_id, '[]') WITH &&,
    tstzrange(busy_from, busy_until) WITH &&
) WHERE (status IN ('held', 'unconfirmed', 'pending', 'confirmed', 'attended', 'no_show'))
DEFERRABLE INITIALLY DEFERRED
"""
REMOVE = "ALTER TABLE consultations_appointment DROP CONSTRAINT consultations_appointment_no_overlap"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_first_consent_texts")]

    operations = [migrations.RunPython(add, remove)]
