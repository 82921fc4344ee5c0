"""The sample site of content/library/ in the database: read from its files once per process, then written as rows."""

from __future__ import annotations

import functools
from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

GUARDS = [
    import_module("content.migrations.0002_approved_revisions_never_change"),
    import_module("content.migrations.0003_comments_keep_their_words"),
    import_module("content.migrations.0005_decisions_never_change"),
    import_module("consultations.migrations.0005_history_never_changes"),
]


def load_sample_site() -> None:
    """Write what `manage.py load_library` writes into a database that holds what migrations left."""
    rows_by_model = _rows()
    with transaction.atomic():
        # Sections of an approved revision could not be added to it.
        for guards in GUARDS:
            guards.lower(connection)
        for model, rows in rows_by_model.items():
            model._base_manager.bulk_create(rows)
        # PostgreSQL changes no triggers of a table that has checks to come.
        connection.check_constraints()
        for guards in GUARDS:
            guards.raise_(connection)
        # A restored backup, in a test before, set PostgreSQL's sequences to what was there then; taking that test back does not.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(rows_by_model)):
                cursor.execute(statement)


@functools.cache
def _rows() -> dict[type[Model], list[Model]]:
    """Load the library, keep the rows that are new, and take it back."""
    models = apps.get_models(include_auto_created=True)
    with transaction.atomic():
        before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in models}
        call_command("load_library", verbosity=0)
        found = {model: [row for row in model._base_manager.all() if row.pk not in before[model]] for model in models}
        transaction.set_rollback(True)
    return {model: rows for model, rows in found.items() if rows}
