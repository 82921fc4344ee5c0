"""Queries that are put together once and asked many times, of other keys rarely and of other moments each time.

To put one together takes Django up to three times as long as the database needs to answer it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# In whose place the moments and days of each asking come. Nothing else in a query is so old.
LONG_AGO = dt.datetime(1900, 2, 3, 4, 5, 6, 789, tzinfo=dt.UTC)

type Moment = dt.datetime | dt.date
type Keys = tuple[int, ...] | None
type Make = Callable[..., QuerySet[Any, Any]]


class Prepared(NamedTuple):
    """The text of a query; each of its values is that of a column, or the place of a moment among those of an asking."""

    sql: str
    values: tuple[Any, ...]
    blanks: tuple[int | None, ...]


def rows(make: Make, keys: tuple[Keys, ...], *moments: Moment) -> list[tuple[Any, ...]]:
    """Return the rows of a query, whose columns must be texts, whole numbers or empty: they are given as the database does.

    Args:
        make: returns it for keys and moments; it may put the moments nowhere but into conditions, as they are.
        keys: those of rows, by which a query differs from others.
        moments: times (UTC) and days.
    """
    prepared = _prepared(make, keys, tuple(isinstance(moment, dt.datetime) for moment in moments))
    if prepared is None:
        return []
    given = [_adapted(moment) for moment in moments]
    values = [
        value if blank is None else given[blank] for value, blank in zip(prepared.values, prepared.blanks, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(prepared.sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@lru_cache(maxsize=64)
def _prepared(make: Make, keys: tuple[Keys, ...], are_times: tuple[bool, ...]) -> Prepared | None:
    """Return the query; None where the conditions leave nothing to ask for."""
    blanks = [_blank(place, is_time=is_time) for place, is_time in enumerate(are_times)]
    try:
        sql, values = make(*keys, *blanks).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    places = {_adapted(blank): place for place, blank in enumerate(blanks)}
    return Prepared(sql, tuple(values), tuple(places.get(value) for value in values))


def _blank(place: int, *, is_time: bool) -> Moment:
    moment = LONG_AGO + dt.timedelta(days=place)
    return moment if is_time else moment.date()


def _adapted(moment: Moment) -> Any:
    if isinstance(moment, dt.datetime):
        return connection.ops.adapt_datetimefield_value(moment)
    return connection.ops.adapt_datefield_value(moment)
