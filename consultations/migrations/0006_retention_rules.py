"""How long requests are kept: a row for each status, with days that managers change in the admin."""

from django.db import migrations, models

# What nobody has answered or recorded stays until somebody closes it; it would be lost unseen.
DAYS = {"new": None, "attempted": 730, "reached": 730, "booked": None, "won": 730, "lost": 730, "spam": 90}


def create_rules(apps, schema_editor):
    """Write the row of each status."""
    rule = apps.get_model("consultations", "RetentionRule")
    for status, days in DAYS.items():
        rule.objects.get_or_create(status=status, defaults={"days": days})


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_history_never_changes")]

    operations = [
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(choices=[("new", "New"), ("attempted", "Tried to reach"), ("reached", "In conversation"), ("booked", "Appointment booked"), ("won", "Became a patient"), ("lost", "Closed"), ("spam", "Spam")], editable=False, max_length=10, unique=True)),
                ("days", models.PositiveSmallIntegerField(blank=True, help_text="Counted from the last thing that happened to a request. Empty: kept until it is closed.", null=True, verbose_name="days")),
            ],
            options={
                "verbose_name": "time that requests are kept",
                "verbose_name_plural": "times that requests are kept",
                "ordering": ["id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("status__in", ["new", "attempted", "reached", "booked", "won", "lost", "spam"])), name="consultations_retentionrule_status_known"), models.CheckConstraint(condition=models.Q(("days__isnull", True), ("days__range", (7, 3660)), _connector="OR"), name="consultations_retentionrule_days_plausible", violation_error_message="Keep requests 7 to 3660 days, or leave it empty.")],
            },
        ),
        migrations.RunPython(create_rules, migrations.RunPython.noop),
    ]
