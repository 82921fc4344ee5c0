"""How long requests are kept: a row for each status, with days that managers change in the admin."""

from django.db import migrations

# The privacy notice promises 24 months after the last contact, whether a request was answered and closed or not. One that nobody
# has answered stands among the overdue for all that time.
DAYS = {"new": 730, "attempted": 730, "reached": 730, "booked": 730, "won": 730, "lost": 730, "spam": 90}


def create_rules(apps, schema_editor):
    """Write the row of each status."""
    rule = apps.get_model("consultations", "RetentionRule")
    for status, days in DAYS.items():
        rule.objects.get_or_create(status=status, defaults={"days": days})


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_history_never_changes")]

    operations = [migrations.RunPython(create_rules, migrations.RunPython.noop)]
