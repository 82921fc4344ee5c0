"""Tidies the plain text of every row of content before it is saved, whichever form, command or shell wrote it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models import CharField, Model, TextField
from django.db.models.signals import pre_save

from content.text import printable


def listen(app: AppConfig) -> None:
    """Tidy the rows of every model of the app."""
    for model in app.get_models():
        pre_save.connect(_tidy_before_saving, sender=model, dispatch_uid=f"content.tidying.{model.__name__}")


def tidy(instance: Model) -> None:
    """Leave out what no format can hold; a text of one line stays on one."""
    for column in instance._meta.concrete_fields:  # noqa: SLF001  documented by Django
        value = instance.__dict__.get(column.attname)
        if isinstance(value, str) and isinstance(column, CharField | TextField):
            text = printable(value)
            setattr(instance, column.attname, " ".join(text.split("\n")) if isinstance(column, CharField) else text)


def _tidy_before_saving(instance: Model, **kwargs: Any) -> None:
    tidy(instance)
