"""Writes a checked library: unchanged rows stay untouched, rows that editors added stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction

from content import targets, versions
from content.choices import ChangeState
from content.fields import RichTextField
from content.linking import keeping
from content.loading import articles, claims
from content.loading.children import Children
from content.loading.kind import Kind
from content.loading.kinds import KINDS
from content.loading.library import Library
from content.loading.rows import Link, Model, Row, column_of, columns_of, stored
from content.loading.source import Problem
from content.models import Article, ClinicProfile, ProposedChange, Revision, Therapy
from content.models.version import ContentVersion
from content.page_links import Named
from content.publishing import freshness
from content.search import indexing

if TYPE_CHECKING:
    import datetime as dt

    from content.loading.values import Column

type Ids = dict[Model, dict[Any, Any]]
# Ids of rows by model.
type Desk = dict[Model, set[int]]
# Written before the articles and centers that their texts may link to.
EARLY: tuple[Model, ...] = (ClinicProfile, Therapy)


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
        RefusedError: when rows of an editor are in the way, or the claim check blocks a text; nothing is written then.
    """
    ids: Ids = {}
    tallies = []
    desk = _of_the_desk()
    with transaction.atomic(), versions.gathered(), freshness.vouched(), indexing.gathered():
        ContentVersion.lock()
        pages = targets.every()
        for kind in KINDS:
            tally = _write_kind(kind, library.rows[kind.model], ids, pages, desk, now)
            tell(tally)
            tallies.append(tally)
        keeping.settle(EARLY)
        if any(tally.new or tally.changed for tally in tallies):
            versions.bump()
            if forbidden := claims.problems(library, ids, now=now):
                raise RefusedError(forbidden)
    return tallies


def _write_kind(
    kind: Kind, rows: Mapping[Any, Row], ids: Ids, pages: dict[Named, int], desk: Desk, now: dt.datetime
) -> Tally:
    """Write the rows of a kind; `ids` and `pages`, which links of texts lead to, gain those of them."""
    instances = {getattr(instance, kind.key): instance for instance in stored(kind.model, kind.key, rows)}
    before = set(instances)
    own = desk.get(kind.model, set())
    changed: dict[Any, models.Model] = {}
    for key, row in rows.items():
        if key in before and instances[key].pk in own:
            continue
        instance = instances.setdefault(key, kind.model())
        if _set(instance, _resolved(kind.model, row.values, ids, pages)) or key not in before:
            changed[key] = instance
    _save_in_turn(changed, rows)
    ids[kind.model] = {key: instance.pk for key, instance in instances.items()}
    if page_kind := targets.kind_of(kind.model):
        pages |= {Named(page_kind, key): pk for key, pk in ids[kind.model].items()}
    if kind.model is Article:
        done = _write_articles(cast("dict[Any, Article]", instances), rows, ids, pages, now)
        touched, left = done.changed, done.left
    else:
        written = (_write_children(each, instances, rows, ids, desk.get(each.model, set())) for each in kind.children)
        touched, left = set().union(*written), {key for key in before if instances[key].pk in own}
    return Tally(kind.label, len(rows), len(rows) - len(before), len((set(changed) | touched) & before), len(left))


def _write_articles(
    instances: Mapping[Any, Article], rows: Mapping[Any, Row], ids: Ids, pages: Mapping[Named, int], now: dt.datetime
) -> articles.Done:
    """Write what belongs to articles as revisions."""
    names: dict[str, Model] = {"revision": Revision} | articles.MODELS
    wanted = {}
    for key, row in rows.items():
        resolved = {
            name: [_resolved(model, child.values, ids, pages) for child in row.children[model]]
            for name, model in names.items()
        }
        wanted[key] = articles.wanted_of(resolved)
    return articles.write(instances, wanted, now=now)


def _write_children(
    children: Children, parents: Mapping[Any, models.Model], rows: Mapping[Any, Row], ids: Ids, own: set[int]
) -> set[Any]:
    """Match the rows that belong to `parents` with the database and return the keys of parents where one differed."""
    parent_column = column_of(children.model, children.parent).attname
    present: dict[Any, list[models.Model]] = {}
    for instance in stored(children.model, children.parent, parents.values()):
        present.setdefault(getattr(instance, parent_column), []).append(instance)
    differing = set()
    for key, parent in parents.items():
        wanted = [
            _resolved(children.model, row.values, ids, {}) | {parent_column: parent.pk}
            for row in rows[key].children[children.model]
        ]
        if _match(children, present.get(parent.pk, []), wanted, own):
            differing.add(key)
    return differing


def _match(
    children: Children, present: Iterable[models.Model], wanted: Iterable[dict[str, Any]], own: set[int]
) -> bool:
    """Delete, change and add rows until those `present` are those `wanted`, but for the desk's `own`; return whether any differed."""
    columns = [column_of(children.model, name) for name in children.key]
    left = {tuple(_kept(column, getattr(row, column.attname)) for column in columns): row for row in present}
    pairs = [
        (left.pop(tuple(_kept(column, values[column.attname]) for column in columns), None), values)
        for values in wanted
    ]
    # Deleting comes first: a number is free again before another row takes it.
    gone = [row for row in left.values() if row.pk not in own]
    for row in gone:
        row.delete()
    changed = bool(gone)
    for known, values in pairs:
        row = known or children.model()
        if row.pk is not None and row.pk in own:
            continue
        if _set(row, values) or row.pk is None:
            row.save()
            changed = True
    return changed


def _of_the_desk() -> Desk:
    """Return the rows that say what a reviewer approved since they were loaded: they are left alone."""
    rows: Desk = {}
    for change in ProposedChange.objects.filter(state=ChangeState.APPROVED, row_id__isnull=False).only(
        "model", "row_id"
    ):
        rows.setdefault(change.model_class, set()).add(change.row_id or 0)
    return rows


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


def _resolved(model: Model, values: Mapping[str, Any], ids: Ids, pages: Mapping[Named, int]) -> dict[str, Any]:
    """Return `values` as the attributes of an instance: rows named by their key as their id, pages in texts as references."""
    found = {}
    for name, value in values.items():
        column = column_of(model, name)
        if isinstance(value, Link):
            found[column.attname] = ids[value.model][value.key]
        else:
            found[column.attname] = keeping.referring(value, pages) if isinstance(column, RichTextField) else value
    return found


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
