"""What the database says about times that are taken, and about what was approved, taken away for a control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

from scripts.racing import guards

DESK = [
    import_module("content.migrations.0002_approved_revisions_never_change"),
    import_module("content.migrations.0005_decisions_never_change"),
]


@contextmanager
def guards_taken_away() -> Iterator[None]:
    """Do without them for as long as the block lasts."""
    put_back = guards.take_away()
    try:
        yield
    finally:
        put_back()


@contextmanager
def desk_guards_taken_away() -> Iterator[None]:
    """Do without the triggers of the desk for as long as the block lasts."""
    for each in DESK:
        each.lower(connection)
    try:
        yield
    finally:
        for each in DESK:
            each.raise_(connection)
