"""The first version of each consent text, so that the form asks from the start. Later versions are made in the admin."""

import datetime as dt

from django.db import migrations

BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEXTS = {
    "health": (
        "I agree that the clinic uses what I wrote about my health to prepare and hold my consultation. "
        "I can withdraw this at any time on my private page."
    ),
    "calls": (
        "The clinic may also call or text me about its services. This is not needed for a consultation. "
        "I can stop it at any time, for example by answering STOP."
    ),
    "newsletter": "Send me the clinic's newsletter by email, about once a month. I can stop it at any time.",
}


def create_texts(apps, schema_editor):
    """Write version 1 where a purpose has no text yet."""
    consent_text = apps.get_model("consultations", "ConsentText")
    for purpose, text in TEXTS.items():
        consent_text.objects.get_or_create(purpose=purpose, version=1, defaults={"text": text, "active_from": BEGIN})


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]

    operations = [migrations.RunPython(create_texts, migrations.RunPython.noop)]
