"""Seals when visitors like to be reached: they write it in their own words, and these may tell of their health."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast

import consultations.fields

PLAIN = models.TextField()


def stored(apps):
    """Return the rows that say something, with `stored` as the database holds it."""
    requests = apps.get_model("consultations", "ConsultationRequest").objects
    return requests.annotate(stored=Cast("best_time", PLAIN)).exclude(stored="")


def seal(apps, schema_editor):
    for pk, text in list(stored(apps).values_list("pk", "stored")):
        stored(apps).filter(pk=pk).update(best_time=text)


def open_again(apps, schema_editor):
    for pk, text in list(stored(apps).values_list("pk", "best_time")):
        stored(apps).filter(pk=pk).update(best_time=Value(str(text)[:200], output_field=PLAIN))


class Migration(migrations.Migration):
    dependencies = [("consultations", "0011_appointment_cutoff_and_sealed_override")]

    operations = [
        migrations.AlterField(
            "consultationrequest",
            "best_time",
            consultations.fields.EncryptedTextField(blank=True, verbose_name="best time"),
        ),
        migrations.RunPython(seal, open_again),
    ]
