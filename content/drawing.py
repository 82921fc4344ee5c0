"""Notes what a page, or a part of one, is drawn from: the queries that were asked for it, and facts by those who ask for them.

Nobody lists what a part depends on, so nobody can forget it. What is asked for while a part is drawn within another one counts
for both. Whether an edit changed anything of a part is found by asking those of its queries again that name a changed table,
which takes a tenth of the time of drawing it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connection, connections
from django.utils import timezone

from content import versions

WORD = re.compile(r"\w+")
# A moment as SQLite is given it.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?")
# The kinds of names: "table:content_center", "fact:places", "page:article/12".
TABLE, FACT, PAGE = "table", "fact", "page"
ANY = f"{TABLE}:{versions.ANY}"
# The fact by which everything that changes by the clock grows old.
UNTIL = f"{FACT}:until"


@dataclass(frozen=True, eq=False)
class Query:
    """A query that was asked at `asked_at` for something whose drawing began at `began`, and what tells its answer from others."""

    sql: str
    parameters: tuple[Any, ...]
    began: dt.datetime
    asked_at: dt.datetime
    digest: bytes

    @property
    def names(self) -> frozenset[str]:
        """The tables that it names."""
        return _names_in(self.sql)

    def is_answered_alike(self, now: dt.datetime) -> bool:
        """Ask it again and return whether the answer is the same; the time at which it was asked is `now` by now.

        Other moments may have been worked out from that time; nobody knows what they would be, so that it is not asked again.
        """
        present = []
        for parameter in self.parameters:
            moment = _moment(parameter)
            if moment is not None and not self.began <= moment <= self.asked_at:
                return False
            present.append(parameter if moment is None else connection.ops.adapt_datetimefield_value(now))
        with connection.cursor() as cursor:
            cursor.execute(self.sql, present)
            return _digest(cursor.fetchall()) == self.digest


@dataclass
class Notes:
    """What was noted while something was drawn, since `began`."""

    began: dt.datetime
    names: set[str] = field(default_factory=lambda: {ANY})
    queries: dict[Query, None] = field(default_factory=dict)

    def add(self, names: Iterable[str], queries: Iterable[Query]) -> None:
        """Note what something within it was drawn from."""
        self.names.update(names)
        self.queries.update(dict.fromkeys(queries))


_noted: ContextVar[Notes | None] = ContextVar("content_drawing_noted", default=None)


def note(kind: str, name: str) -> None:
    """Note that what is being drawn, if anything is, depends on it."""
    if (notes := _noted.get()) is not None:
        notes.names.add(f"{kind}:{name}")


def again(names: Iterable[str], queries: Iterable[Query]) -> None:
    """Note what something that was drawn before was drawn from."""
    if (notes := _noted.get()) is not None:
        notes.add(names, queries)


@contextmanager
def noting() -> Iterator[Notes]:
    """Yield what is noted within."""
    around = _noted.get()
    notes = Notes(around.began if around else timezone.now())
    token = _noted.set(notes)
    try:
        if around is None:
            with ExitStack() as stack:
                # A copy that is read from shows what the database holds.
                for alias in connections:
                    stack.enter_context(connections[alias].execute_wrapper(_note_query))
                yield notes
        else:
            yield notes
    finally:
        _noted.reset(token)
        if around is not None:
            around.add(notes.names, notes.queries)


class Fetched:
    """A cursor whose rows were fetched already."""

    def __init__(self, cursor: Any, rows: list[Any]) -> None:
        self._cursor, self._rows = cursor, iter(rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        """Return the next rows."""
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        """Return all further rows."""
        return list(self._rows)


def _note_query(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  Django's order
    """Note a query with its answer, which is fetched at once and given out as it is asked for."""
    notes = _noted.get()
    answer = execute(sql, parameters, many, context)
    cursor = context["cursor"]
    # What names no table that changes is no matter of edits, such as asking for the content version.
    if notes is None or cursor.description is None or not _names_in(sql):
        return answer
    rows = cursor.fetchall()
    cursor.cursor = Fetched(cursor.cursor, rows)
    query = Query(sys.intern(sql), tuple(parameters or ()), notes.began, timezone.now(), _digest(rows))
    notes.add(query.names, [query])
    return answer


def _digest(rows: list[Any]) -> bytes:
    return hashlib.blake2b(repr(rows).encode(errors="surrogatepass"), digest_size=16).digest()


def _moment(parameter: Any) -> dt.datetime | None:
    """Return the moment that a parameter is; None where it is none."""
    if isinstance(parameter, str) and MOMENT.fullmatch(parameter):
        return dt.datetime.fromisoformat(parameter).replace(tzinfo=dt.UTC)
    return parameter if isinstance(parameter, dt.datetime) else None


@lru_cache(maxsize=1000)
def _names_in(sql: str) -> frozenset[str]:
    return frozenset(f"{TABLE}:{name}" for name in _tables() & set(WORD.findall(sql)))


@cache
def _tables() -> frozenset[str]:
    """Return the tables that something drawn can grow old by."""
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001
    own = {"content_contentversion", "content_tableversion"}
    return frozenset(every - versions.LASTING - own)
