"""The bytes of a picture's file may be in a storage beside the database; the row then has their digest in their place.

SQLite writes the table anew, and would lose its triggers over it.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.migrations import RunPython

TRIGGERS = import_module("content.migrations.0004_pictures_never_change").TRIGGERS


def lower(apps, schema_editor):
    TRIGGERS.lower(schema_editor.connection)


def raise_(apps, schema_editor):
    TRIGGERS.raise_(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("content", "0005_decisions_never_change")]

    operations = [
        RunPython(lower, raise_),
        migrations.AddField(
            "imagefile",
            "digest",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddConstraint(
            "imagefile",
            models.CheckConstraint(
                condition=(
                    models.Q(models.Q(content=b"", _negated=True), digest="")
                    | models.Q(content=b"", digest__regex="^[0-9a-f]{64}$")
                ),
                name="content_imagefile_here_or_elsewhere",
            ),
        ),
        RunPython(raise_, lower),
    ]
