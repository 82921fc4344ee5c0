"""Notes what a page, or a part of one, is drawn from: tables by the names in its queries, single facts by those who ask for them.

Nobody lists what a part depends on, so nobody can forget it. What is asked for while a part is drawn within another one counts
for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connections

from content import versions

WORD = re.compile(r"\w+")
# The kinds of names: "table:content_center", "fact:centers", "page:article/12".
TABLE, FACT, PAGE = "table", "fact", "page"
# The fact by which everything that changes by the clock grows old.
UNTIL = f"{FACT}:until"

_noted: ContextVar[set[str] | None] = ContextVar("content_drawing_noted", default=None)


def note(kind: str, name: str) -> None:
    """Note that what is being drawn, if anything is, depends on it."""
    names = _noted.get()
    if names is not None:
        names.add(f"{kind}:{name}")


@contextmanager
def noting(*, apart: bool = False) -> Iterator[set[str]]:
    """Yield the names that are noted within.

    Args:
        apart: what is drawn around it depends on what it notes of this itself, and not on each of these names.
    """
    around = _noted.get()
    names = {f"{TABLE}:{versions.ANY}"}
    token = _noted.set(names)
    try:
        if around is None:
            with ExitStack() as stack:
                # A copy that is read from shows what the database holds.
                for alias in connections:
                    stack.enter_context(connections[alias].execute_wrapper(_note_query))
                yield names
        else:
            yield names
    finally:
        _noted.reset(token)
        if around is not None and not apart:
            around |= names


def again(names: Iterable[str]) -> None:
    """Note what something that was drawn before depends on."""
    around = _noted.get()
    if around is not None:
        around.update(names)


def _note_query(execute: Callable[..., Any], sql: str, *asked: Any) -> Any:
    names = _noted.get()
    if names is not None:
        names |= _names_in(sql)
    return execute(sql, *asked)


@lru_cache(maxsize=1000)
def _names_in(sql: str) -> frozenset[str]:
    return frozenset(f"{TABLE}:{name}" for name in _tables() & set(WORD.findall(sql)))


@cache
def _tables() -> frozenset[str]:
    """Return the tables that something drawn can grow old by."""
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001
    own = {"content_contentversion", "content_tableversion"}
    return frozenset(every - versions.LASTING - own)
