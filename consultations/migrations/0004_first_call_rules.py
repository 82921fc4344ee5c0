"""What follows a call, so that the desk works from the start. Managers change the rules in the admin."""

from django.db import migrations

# Outcome, from which attempt on, business hours until the next step (None: the next morning), whether it is our answer.
RULES = [
    ("no_answer", 1, 2, False),
    ("no_answer", 2, None, False),
    ("no_answer", 4, 16, False),
    ("voicemail", 1, None, False),
    ("voicemail", 3, 16, False),
    ("reached", 1, 16, True),
    ("wrong", 1, 1, False),
]


def create_rules(apps, schema_editor):
    """Write each rule where there is none for its attempt yet."""
    call_rule = apps.get_model("consultations", "CallRule")
    for outcome, attempt, hours, is_answer in RULES:
        values = {"wait_hours": hours, "is_answer": is_answer}
        call_rule.objects.get_or_create(outcome=outcome, attempt=attempt, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0003_no_overlap_on_postgresql")]

    operations = [migrations.RunPython(create_rules, migrations.RunPython.noop)]
