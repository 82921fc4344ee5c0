"""Reads what a library wrote with the claim check, before it is committed: a block stops the load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model as AnyModel
from django.db.models import Q

from content.loading.library import Library
from content.loading.rows import Link, Model, Row
from content.loading.source import Place, Problem
from content.models import Article, DecisionAnswer, DecisionQuestion, Finding, Revision, Section, Therapy
from content.proofreading import book, reading, texts

type Ids = dict[Model, dict[Any, Any]]


def problems(library: Library, ids: Ids, *, now: dt.datetime) -> list[Problem]:
    """Return a problem for each claim that may not be made, at the file and line of its text."""
    keys = {model: {pk: key for key, pk in known.items()} for model, known in ids.items()}
    passages = (passage for row in _written(ids, now) for passage in texts.of(row))
    found = reading.read(passages, book.current())
    return [Problem(*_place(library, keys, each), each.finding.in_words) for each in found if each.blocks]


def _written(ids: Ids, now: dt.datetime) -> Iterator[AnyModel]:
    """Yield the rows of the library that hold texts, those of articles as readers see them or will."""
    lasts = Q(withdrawn_at=None) | Q(withdrawn_at__gt=now)
    among: dict[Model, Iterable[AnyModel]] = {
        Revision: Revision.objects.filter(lasts, go_live_at__isnull=False, article__in=ids[Article].values())
        .select_related("article")
        .prefetch_related("sections"),
        Finding: Finding.objects.filter(therapy__in=ids[Therapy].values()).select_related("therapy", "criterion"),
        DecisionAnswer: DecisionAnswer.objects.filter(question__in=ids[DecisionQuestion].values()),
    }
    for model in texts.READERS:
        yield from among.get(model) or model._base_manager.filter(pk__in=ids.get(model, {}).values())  # noqa: SLF001


def _place(library: Library, keys: dict[Model, dict[Any, Any]], found: reading.Found) -> Place:
    """Return where in the files a text stands."""
    row, field = found.row, found.field
    match row:
        case Finding():
            parent, child = _row(library, keys, Therapy, row.therapy_id), ("criterion", row.criterion.slug)
        case DecisionAnswer():
            parent, child = _row(library, keys, DecisionQuestion, row.question_id), ("slug", row.slug)
        case Section():
            parent, child = _row(library, keys, Article, row.revision.article_id), ("anchor", row.anchor)
        case Revision():
            parent, child = _row(library, keys, Article, row.article_id), ("", "")
        case _:
            parent, child = _row(library, keys, type(row), row.pk), ("", "")
    written = (
        next((each for each in parent.family if _value(each, child[0]) == child[1]), parent) if child[0] else parent
    )
    return written.entry.at(field)


def _row(library: Library, keys: dict[Model, dict[Any, Any]], model: Model, pk: Any) -> Row:
    return library.rows[model][keys[model][pk]]


def _value(row: Row, name: str) -> Any:
    value = row.values.get(name)
    return value.key if isinstance(value, Link) else value
