"""On PostgreSQL the desk's searches read an index instead of the table: parts of names and numbers by their trigrams, addresses from
their start or, turned round, from their end.

Trigrams need the extension pg_trgm, which belongs to PostgreSQL; the owner of a database may add it from PostgreSQL 13 on. Where a
host does not allow it, the same searches find the same rows, only slower. SQLite reads its table.
"""

from django.db import DatabaseError, migrations, transaction

REQUEST, MESSAGE = "consultations_consultationrequest", "consultations_message"
# A number that could not be normalised is searched as it was typed, without these signs: see consultations/admin/search.py.
TYPED = "phone"
for sign in " -().+/":
    TYPED = f"REPLACE({TYPED}, '{sign}', '')"
BY_TRIGRAM = {
    "consultations_request_name_parts": f"{REQUEST} USING gin (UPPER(name) gin_trgm_ops)",
    "consultations_request_phone_parts": f"{REQUEST} USING gin (phone_e164 gin_trgm_ops)",
    "consultations_request_typed_parts": f"{REQUEST} USING gin (({TYPED}) gin_trgm_ops) WHERE phone_e164 = '' AND phone <> ''",
}
BY_START = {
    "consultations_request_email_start": f"{REQUEST} (UPPER(email) text_pattern_ops)",
    "consultations_request_email_end": f"{REQUEST} (REVERSE(UPPER(email)) text_pattern_ops)",
    "consultations_message_recipient": f"{MESSAGE} (UPPER(recipient) text_pattern_ops)",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    indexes = dict(BY_START)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as refused:
        print(f"\n  Parts of names and numbers are searched without an index: {refused}")
    else:
        indexes |= BY_TRIGRAM
    for name, expression in indexes.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {expression}")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in (*BY_TRIGRAM, *BY_START):
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("consultations", "0006_first_retention_rules")]

    operations = [migrations.RunPython(add, remove)]
