"""From entries to rows: the columns of one model, read field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

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
    """A row as the files describe it: what each column is to hold, its texts as written, and the rows that belong to it."""

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
    return model._meta.get_field(name)  # type: ignore[return-value]  only columns are asked for


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
        if name not in entry.values:
            if _is_required(column):
                problems.add(entry.place, f'"{name}" is missing')
            else:
                row.values[column_name] = column.get_default()
            continue
        try:
            value = (readers or {}).get(name, values.read)(column, entry.values[name])
        except ValueError as error:
            problems.add(entry.at(name), f'"{name}" {error}')
            continue
        if isinstance(column, models.ForeignKey):
            value = Link(column.related_model, value, entry.at(name)) if value else None
        elif isinstance(column, RichTextField):
            row.passages.append(entry.passage(name))
        row.values[column_name] = value
    return row


def report_unknown(entry: Entry, known: Iterable[str], problems: Problems) -> None:
    """Report each field that nothing reads."""
    names = list(known)
    for name in entry.values:
        if name not in names:
            hint = values.suggestion(name, names) or f"; known are {', '.join(names)}"
            problems.add(entry.at(name), f'"{name}" is an unknown field{hint}')


def _is_required(column: Column) -> bool:
    return not (column.blank or column.null or column.has_default())
