"""On PostgreSQL who sees one center finds its addresses of a domain by an index of its own: of all centers' they are few."""

from django.db import migrations

from content import operations

NAME = "consultations_request_center_email_end"
DEFINITION = "consultations_consultationrequest (center_id, REVERSE(UPPER(email)) text_pattern_ops)"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        operations.build_index(schema_editor, NAME, DEFINITION)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        operations.drop_index(schema_editor, NAME)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("consultations", "0011_names_of_records")]
    operations = [migrations.RunPython(add, remove)]
