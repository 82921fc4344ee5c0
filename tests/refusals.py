"""Asks the database itself to refuse something, past forms and models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, Model, UniqueConstraint


def constraint(name: str) -> tuple[type[Model], BaseConstraint]:
    """Return the constraint of that name and its model."""
    return next(
        (model, found) for model in apps.get_models() for found in model._meta.constraints if found.name == name
    )


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """Expect the database to refuse what is written here because of the constraint `name`, and no other."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():  # noqa: PT012  the test's own lines come first
        yield
        # Some constraints are looked at only when a transaction ends.
        connection.check_constraints()
    model, rule = constraint(name)
    said = str(refusal.value)
    if connection.vendor == "sqlite" and isinstance(rule, UniqueConstraint) and rule.fields:
        # SQLite names the columns of a unique key and not the key; that of a key on an expression it names.
        columns = [
            f"{model._meta.db_table}.{field.column}" for field in model._meta.fields if field.name in rule.fields
        ]
        assert sorted(said.removeprefix("UNIQUE constraint failed: ").split(", ")) == sorted(columns)
    else:
        assert name in said
