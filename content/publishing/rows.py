"""Values of a row's fields as JSON has them, and back: what a proposed change keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Field, ForeignKey, ManyToManyField, Model

from content import tidying

# Where an unsaved row keeps which others it is to point at.
INTENDED = "_intended_rows"


def field_of(model: type[Model], name: str) -> Field[Any, Any]:
    """Return a field of a model."""
    return cast("Field[Any, Any]", model._meta.get_field(name))  # noqa: SLF001  documented


def told(row: Model, name: str) -> Any:
    """Return the value of a field as JSON has it: rows by their id, several of them in order, dates as ISO 8601."""
    field = field_of(type(row), name)
    if isinstance(field, ManyToManyField):
        intended = row.__dict__.get(INTENDED, {})
        return intended[name] if name in intended else sorted(other.pk for other in field.value_from_object(row))
    value = field.value_from_object(row)
    return value if value is None or isinstance(value, bool | int | str) else field.value_to_string(row)


def put(row: Model, values: dict[str, Any]) -> None:
    """Write values as JSON has them into a row; several rows have their turn once it is saved, see `put_several`."""
    for name, value in values.items():
        field = field_of(type(row), name)
        if not isinstance(field, ManyToManyField):
            setattr(row, field.attname, field.to_python(value))


def put_several(row: Model, values: dict[str, Any]) -> None:
    """Write the rows that a saved row points at."""
    for name, value in values.items():
        if isinstance(field_of(type(row), name), ManyToManyField):
            getattr(row, name).set(value)


def tidy(row: Model, names: Iterable[str]) -> None:
    """Make of the values what saving makes of them, so that what is approved is what is read."""
    tidying.tidy(row)
    for name in names:
        field = field_of(type(row), name)
        if not isinstance(field, ManyToManyField):
            field.pre_save(row, add=False)


def shown(model: type[Model], name: str, value: Any) -> str:
    """Return a value in words for staff: rows and choices by their names."""
    field = field_of(model, name)
    if isinstance(field, ForeignKey | ManyToManyField):
        pks = value if isinstance(value, list) else [value] if value is not None else []
        others = field.related_model._base_manager.filter(pk__in=pks)  # noqa: SLF001  documented
        return ", ".join(str(other) for other in others)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    choices = dict(field.flatchoices)
    return str(choices.get(value, "" if value is None else value))


def intend(row: Model, name: str, others: Iterable[Model]) -> None:
    """Keep with an unsaved row which others it is to point at; `told` tells them then."""
    row.__dict__.setdefault(INTENDED, {})[name] = sorted(other.pk for other in others)
