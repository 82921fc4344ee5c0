"""Reads what every public page needs to know in one query, which is put together once and asked many times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import (
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    StringAgg,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.dateparse import parse_datetime

from content import targets, versions
from content.choices import PageKind
from content.models import Center, ClinicProfile, ContentVersion, Notice, Revision, TableVersion
from content.notices import Place, Span

# No code, zone, date or name of a table holds these.
LINE, COLUMN = "\n", "|"
# The moment as of which the query is put together. Nothing else in it is so old.
LONG_AGO = dt.datetime(1900, 2, 3, 4, 5, 6, 789, tzinfo=dt.UTC)


@dataclass(frozen=True)
class FactsRow:
    """The clinic, its centers and where they are, what comes next by the clock, and the pages that readers see.

    Attributes:
        version: the content version.
        numbers: those of the tables that were ever changed, see content/versions.py.
        columns: the pages by kind, as `targets.in_one_column` gives them.
    """

    clinic: ClinicProfile
    version: int
    numbers: Mapping[str, int] = field(default_factory=dict)
    center_count: int = 0
    places: frozenset[Place] = frozenset()
    spans: tuple[Span, ...] = ()
    going_live: dt.datetime | None = None
    ending: dt.datetime | None = None
    columns: Mapping[PageKind, str | None] = field(default_factory=dict)


def read(now: dt.datetime) -> FactsRow | None:
    """Return it as of `now`; None before a profile exists."""
    sql, parameters = _put_together()
    clinic: Any = next(iter(ClinicProfile.objects.raw(sql, _as_of(now, parameters))), None)
    if clinic is None:
        return None
    return FactsRow(
        clinic=clinic,
        version=clinic.version or versions.NONE,
        numbers={name: int(number) for name, number in _rows(clinic.numbers)},
        center_count=clinic.center_count,
        places=frozenset(Place(*row) for row in _rows(clinic.places)),
        spans=tuple(_span(*row) for row in _rows(clinic.spans)),
        going_live=_moment(clinic.going_live),
        ending=_moment(clinic.ending),
        columns={kind: getattr(clinic, f"{kind}_pages") for kind in PageKind},
    )


@cache
def _put_together() -> tuple[str, tuple[Any, ...]]:
    """Return the query as of LONG_AGO. To put it together takes fifty times as long as to ask it."""
    return _query(LONG_AGO).query.sql_with_params()


def _query(now: dt.datetime) -> QuerySet[ClinicProfile]:
    going_live, ending = (
        Revision.objects.filter(**{f"{moment}__gt": now}).order_by(moment).values(moment)[:1]
        for moment in ("go_live_at", "withdrawn_at")
    )
    # Grouping by a constant makes the subquery return one number, also for an empty table.
    centers = Center.objects.order_by().values(one=OuterRef("pk")).annotate(number=Count("pk")).values("number")
    return ClinicProfile.objects.annotate(
        center_count=Coalesce(Subquery(centers, output_field=IntegerField()), 0),
        places=_lines(Center.objects.all(), F("country_id"), F("region"), F("time_zone")),
        spans=_lines(
            Notice.objects.changing(now),
            F("regions"),
            Cast("starts_on", CharField()),
            Coalesce(Cast("ends_on", CharField()), Value("")),
        ),
        going_live=Subquery(going_live),
        ending=Subquery(ending),
        version=Subquery(ContentVersion.objects.filter(pk=1).values("number")),
        numbers=_lines(TableVersion.objects.all(), F("name"), Cast("number", CharField())),
        **{f"{kind}_pages": targets.in_one_column(kind, now) for kind in PageKind},
    )


def _as_of(now: dt.datetime, parameters: tuple[Any, ...]) -> list[Any]:
    """Return the parameters of the query with another moment and the days around it in the places of LONG_AGO's."""
    ops, days = connection.ops, [dt.timedelta(days=number) for number in range(-3, 4)]
    present: dict[Any, Any] = {ops.adapt_datetimefield_value(LONG_AGO): ops.adapt_datetimefield_value(now)}
    for day in days:
        present[ops.adapt_datefield_value(LONG_AGO.date() + day)] = ops.adapt_datefield_value(now.date() + day)
    return [present.get(each, each) if isinstance(each, Hashable) else each for each in parameters]


def _lines(rows: QuerySet[Any], *columns: Combinable) -> Subquery:
    """Return columns of `rows` as one text within another query: a line for each row."""
    parts = [part for column in columns for part in (column, Value(COLUMN))][:-1]
    texts = rows.order_by().values(one=OuterRef("pk"))
    texts = texts.annotate(text=StringAgg(Concat(*parts, output_field=TextField()), delimiter=Value(LINE)))
    return Subquery(texts.values("text"), output_field=TextField())


def _rows(text: str | None) -> list[list[str]]:
    return [line.split(COLUMN) for line in (text or "").splitlines()]


def _span(regions: str, first: str, last: str) -> Span:
    codes = frozenset(code for part in regions.split(",") if (code := part.strip()))
    return Span(codes, dt.date.fromisoformat(first), dt.date.fromisoformat(last) if last else None)


def _moment(value: dt.datetime | str | None) -> dt.datetime | None:
    """Return a moment as the database gives it: SQLite as a text without its zone, which is UTC."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return found and (found if found.tzinfo else found.replace(tzinfo=dt.UTC))
