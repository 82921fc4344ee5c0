"""Keeps with each appointment until when it may be changed, and seals why rules were set aside.

The data comes last: on PostgreSQL a table cannot be altered once rows of it were changed in the same transaction and a
deferred constraint waits for its check.
"""

import consultations.fields
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Cast

PLAIN = models.TextField()


def fill_cutoff(apps, schema_editor):
    """Take over what each kind of visit says now, which is what visitors were told so far."""
    kinds = apps.get_model("consultations", "VisitType").objects.filter(pk=OuterRef("visit_type"))
    appointments = apps.get_model("consultations", "Appointment").objects.all()
    appointments.update(cutoff_minutes=Subquery(kinds.values("cutoff_minutes")[:1]))


def stored(apps):
    """Return the rows that have a reason, with `stored` as the database holds it."""
    appointments = apps.get_model("consultations", "Appointment").objects
    return appointments.annotate(stored=Cast("override_reason", PLAIN)).exclude(stored="")


def seal(apps, schema_editor):
    for pk, text in list(stored(apps).values_list("pk", "stored")):
        stored(apps).filter(pk=pk).update(override_reason=text)


def open_again(apps, schema_editor):
    for appointment in list(stored(apps)):
        plain = Value(str(appointment.override_reason)[:300], output_field=PLAIN)
        stored(apps).filter(pk=appointment.pk).update(override_reason=plain)


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0010_chores_and_erasing"),
        ("content", "0002_discreet_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("appointment", "consultations_appointment_override_explained"),
        migrations.AddField(
            "appointment",
            "cutoff_minutes",
            models.PositiveIntegerField(
                default=0,
                help_text="Closer to the start than this, the visitor calls us to move or cancel: "
                "as it was when they were told.",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "appointment",
            "override_reason",
            consultations.fields.EncryptedTextField(blank=True, help_text="Why the rules were set aside."),
        ),
        migrations.AddConstraint(
            "appointment",
            models.CheckConstraint(
                condition=models.Q(
                    ("overridden", False),
                    models.Q(
                        django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("override_reason"), 0
                        ),
                        ("booked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="consultations_appointment_override_explained",
                violation_error_message="Say who set the rules aside, and why.",
            ),
        ),
        migrations.RunPython(fill_cutoff, migrations.RunPython.noop),
        migrations.RunPython(seal, open_again),
    ]
