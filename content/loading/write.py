"""Writes a checked library: unchanged rows stay untouched, rows that editors added stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction

from content import versions
from content.loading import articles
from content.loading.children import Children
from content.loading.kinds import KINDS, Kind
from content.loading.library import Library
from content.loading.rows import Link, Model, Row, column_of, columns_of, stored
from content.loading.source import Problem
from content.models import Article, Revision
from content.search import indexing

if TYPE_CHECKING:
    import datetime as dt

    from content.loading.values import Column

type Ids = dict[Model, dict[Any, Any]]


class RefusedError(Exception):
    """Rows that the database does not take beside what it holds already; carries one problem per row."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} rows were refused")
        self.problems = problems


@dataclass
class Tally:
    """How many rows of a kind a library has, and how many of them were new or changed."""

    label: str
    total: int
    new: int = 0
    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        left = f", {self.left} left to those who wrote at the desk" if self.left else ""
        return f"{self.label}: {self.total} ({self.new} new, {self.changed} changed{left})"


def write(library: Library, tell: Callable[[Tally], None], *, now: dt.datetime) -> list[Tally]:
    """Bring the database up to date in one transaction and return what was done, kind by kind.

    Args:
        library: the rows, checked.
        tell: called with each tally as soon as its kind is written.
        now: what goes live at once does so from then on.

    Raises:
        RefusedError: when rows of an editor are in the way; nothing is written then.
    """
    ids: Ids = {}
    tallies = []
    with transaction.atomic(), versions.gathered(), indexing.gathered():
        for kind in KINDS:
            tally = _write_kind(kind, library.rows[kind.model], ids, now)
            tell(tally)
            tallies.append(tally)
        if any(tally.new or tally.changed for tally in tallies):
            versions.bump()
    return tallies


def _write_kind(kind: Kind, rows: Mapping[Any, Row], ids: Ids, now: dt.datetime) -> Tally:
    instances = {getattr(instance, kind.key): instance for instance in stored(kind.model, kind.key, rows)}
    before = set(instances)
    changed: dict[Any, models.Model] = {}
    for key, row in rows.items():
        instance = instances.setdefault(key, kind.model())
        if _set(instance, _resolved(kind.model, row.values, ids)) or key not in before:
            changed[key] = instance
    _save_in_turn(changed, rows)
    ids[kind.model] = {key: instance.pk for key, instance in instances.items()}
    if kind.model is Article:
        done = _write_articles(cast("dict[Any, Article]", instances), rows, ids, now)
        touched, left = done.changed, done.left
    else:
        touched, left = set(), set()
        for children in kind.children:
            touched |= _write_children(children, instances, rows, ids)
    return Tally(kind.label, len(rows), len(rows) - len(before), len((set(changed) | touched) & before), len(left))


def _write_articles(
    instances: Mapping[Any, Article], rows: Mapping[Any, Row], ids: Ids, now: dt.datetime
) -> articles.Done:
    """Write what belongs to articles as revisions."""
    names: dict[str, Model] = {"revision": Revision} | articles.MODELS
    wanted = {}
    for key, row in rows.items():
        resolved = {
            name: [_resolved(model, child.values, ids) for child in row.children[model]]
            for name, model in names.items()
        }
        wanted[key] = articles.wanted_of(resolved)
    return articles.write(instances, wanted, now=now)


def _write_children(
    children: Children, parents: Mapping[Any, models.Model], rows: Mapping[Any, Row], ids: Ids
) -> set[Any]:
    """Match the rows that belong to `parents` with the database and return the keys of parents where one differed."""
    parent_column = column_of(children.model, children.parent).attname
    present: dict[Any, list[models.Model]] = {}
    for instance in stored(children.model, children.parent, parents.values()):
        present.setdefault(getattr(instance, parent_column), []).append(instance)
    differing = set()
    for key, parent in parents.items():
        wanted = [
            _resolved(children.model, row.values, ids) | {parent_column: parent.pk}
            for row in rows[key].children[children.model]
        ]
        if _match(children, present.get(parent.pk, []), wanted):
            differing.add(key)
    return differing


def _match(children: Children, present: Iterable[models.Model], wanted: Iterable[dict[str, Any]]) -> bool:
    """Delete, change and add rows until those `present` are those `wanted`; return whether any differed."""
    columns = [column_of(children.model, name) for name in children.key]
    left = {tuple(_kept(column, getattr(row, column.attname)) for column in columns): row for row in present}
    pairs = [
        (left.pop(tuple(_kept(column, values[column.attname]) for column in columns), None), values)
        for values in wanted
    ]
    # Deleting comes first: a number is free again before another row takes it.
    for row in left.values():
        row.delete()
    changed = bool(left)
    for known, values in pairs:
        row = known or children.model()
        if _set(row, values) or row.pk is None:
            row.save()
            changed = True
    return changed


def _save_in_turn(changed: Mapping[Any, models.Model], rows: Mapping[Any, Row]) -> None:
    """Save rows; one that waits for another, such as for a name that is passed on, has its turn after it."""
    waiting = dict(changed)
    while waiting:
        refused: dict[Any, Problem] = {}
        for key, instance in waiting.items():
            try:
                instance.validate_unique()
                instance.validate_constraints()
            except ValidationError as error:
                sentence = f"the database does not take this beside what it holds: {' '.join(error.messages)}"
                refused[key] = Problem(*rows[key].entry.place, sentence)
            else:
                instance.save()
        if len(refused) == len(waiting):
            raise RefusedError(list(refused.values()))
        waiting = {key: waiting[key] for key in refused}


def _resolved(model: Model, values: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """Return `values` as the attributes of an instance, rows named by their key as their id."""
    return {
        column_of(model, name).attname: ids[value.model][value.key] if isinstance(value, Link) else value
        for name, value in values.items()
    }


def _set(instance: models.Model, values: Mapping[str, Any]) -> bool:
    """Set the attributes that differ and return whether there were any."""
    columns = {column.attname: column for column in columns_of(type(instance))}
    differing = [
        name for name in values if _kept(columns[name], values[name]) != _kept(columns[name], getattr(instance, name))
    ]
    for name in differing:
        setattr(instance, name, values[name])
    return bool(differing)


def _kept(column: Column, value: Any) -> Any:
    """Return a value as the database keeps it, so that a phone number equals its digits."""
    return column.get_prep_value(value)
