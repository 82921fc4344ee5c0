"""Let PostgreSQL's constraint against overlaps cover unconfirmed bookings too."""

from django.db import migrations

NAME = "consultations_appointment_no_overlap"
DROP = f"ALTER TABLE consultations_appointment DROP CONSTRAINT {NAME}"
ADD = f"""
ALTER TABLE consultations_appointment ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(consultant_id, consultant_id, '[]') WITH &&,
    tstzrange(busy_from, busy_until) WITH &&
) WHERE (status IN (%s)) DEFERRABLE INITIALLY DEFERRED
"""
BEFORE = "'held', 'pending', 'confirmed', 'attended', 'no_show'"


def replace(states):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(DROP)
            schema_editor.execute(ADD % states)

    return run


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_confirmed_contact")]

    operations = [migrations.RunPython(replace(f"{BEFORE}, 'unconfirmed'"), replace(BEFORE))]
