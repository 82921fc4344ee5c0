"""Turns a file's entry into the columns of one model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db import models

from content.fields import RichTextField
from content.loading import values
from content.loading.source import Entry, Passage, Place, Problems

if TYPE_CHECKING:
    from content.loading.values import Column

type Model = type[models.Model]
type Columns = Mapping[str, str]
type Reader = Callable[[Column, object], Any]


class Link(NamedTuple):
    """Another row by its key, and the place that names it."""

    model: Model
    key: str
    place: Place


@dataclass
class Row:
    """A row as the files describe it: what its columns are to hold, its texts, and the rows that belong to it."""

    model: Model
    entry: Entry
    values: dict[str, Any] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    children: dict[Model, list[Row]] = field(default_factory=dict)

    @property
    def links(self) -> list[Link]:
        """The rows that this one points at."""
        return [value for value in self.values.values() if isinstance(value, Link)]

    @property
    def family(self) -> list[Row]:
        """This row and the rows that belong to it."""
        return [self, *(child for children in self.children.values() for child in children)]


def columns(*same: str, **renamed: str) -> Columns:
    """Return the columns of a model by their name in the file."""
    return {name: name for name in same} | renamed


def column_of(model: Model, name: str) -> Column:
    """Return a column of a model."""
    return cast("Column", model._meta.get_field(name))  # noqa: SLF001  Django's documented way to a model's columns


def columns_of(model: Model) -> list[Column]:
    """Return all columns of a model."""
    return list(model._meta.concrete_fields)  # noqa: SLF001  documented


def word_for(model: Model, *, several: bool = False) -> str:
    """Return what a row of a model is called."""
    options = model._meta  # noqa: SLF001  documented
    return str(options.verbose_name_plural if several else options.verbose_name)


def stored(model: Model, column: str, among: Iterable[Any]) -> models.QuerySet[models.Model]:
    """Return the rows in the database whose column holds one of some values."""
    return model._base_manager.filter(**{f"{column}__in": list(among)})  # noqa: SLF001  documented


def read_row(
    model: Model, names: Columns, entry: Entry, problems: Problems, readers: Mapping[str, Reader] | None = None
) -> Row:
    """Return the row that an entry describes; what cannot be read is reported and left out of it.

    Args:
        model: what it is a row of.
        names: the columns by their name in the file.
        entry: the table, line or front matter.
        problems: receives what is wrong.
        readers: by name in the file, where a field is not read by the type of its column.
    """
    row = Row(model, entry)
    for name, column_name in names.items():
        column = column_of(model, column_name)
        reader: Reader = (readers or {}).get(name, values.read)
        try:
            row.values[column_name] = _read_field(column, name, entry, reader)
        except ValueError as error:
            problems.add(entry.at(name), f'"{name}" {error}')
        else:
            if isinstance(column, RichTextField) and name in entry.values:
                row.passages.append(entry.passage(name))
    return row


def report_unknown(entry: Entry, known: Iterable[str], problems: Problems) -> None:
    """Report each field that nothing reads."""
    names = list(known)
    for name in entry.values:
        if name not in names and name not in entry.texts:
            hint = values.suggestion(name, names) or f"; known are {', '.join(names)}"
            problems.add(entry.at(name), f'"{name}" is an unknown field{hint}')


def _read_field(column: Column, name: str, entry: Entry, reader: Reader) -> Any:
    """Return what a field holds; where the file does not have it, the column's default."""
    if name not in entry.values:
        if not (column.blank or column.null or column.has_default()):
            raise ValueError("is missing")
        return column.get_default()
    value = reader(column, entry.values[name])
    if isinstance(column, models.ForeignKey):
        return Link(column.related_model, value, entry.at(name)) if value else None
    return value
