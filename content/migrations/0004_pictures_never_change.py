"""Triggers: an uploaded picture and its files do not change, whoever asks, as articles that show them were approved with them.

One that no article shows can be deleted; the keys of sections hold those that one does.
"""

from django.db import migrations

TABLES = ["content_image", "content_imagefile"]
FIXED = "A picture never changes: upload another one."


def forwards(apps, schema_editor):
    """Guard the tables."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION content_picture_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_guard BEFORE UPDATE ON {table} FOR EACH ROW"
                f" BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
            )
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_guard BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION content_picture_guard()"
            )


def backwards(apps, schema_editor):
    """Guard them no longer."""
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON {table}"
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_guard{on.format(table=table)}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS content_picture_guard()")


class Migration(migrations.Migration):
    dependencies = [("content", "0003_comments_keep_their_words")]

    operations = [migrations.RunPython(forwards, backwards)]
