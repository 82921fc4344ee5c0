"""How long requests are kept: a row for each status, with days that managers change in the admin."""

from django.db import migrations

# What nobody has answered or recorded stays until somebody closes it; it would be lost unseen.
DAYS = {"new": None, "attempted": 730, "reached": 730, "booked": None, "won": 730, "lost": 730, "spam": 90}


def create_rules(apps, schema_editor):
    """Write the row of each status."""
    rule = apps.get_model("consultations", "RetentionRule")
    for status, days in DAYS.items():
        rule.objects.get_or_create(status=status, defaults={"days": days})


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_history_never_changes")]

    operations = [migrations.RunPython(create_rules, migrations.RunPython.noop)]
