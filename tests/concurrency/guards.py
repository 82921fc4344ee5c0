"""What the database says about times that are taken, taken away for a control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scripts.racing import guards


@contextmanager
def guards_taken_away() -> Iterator[None]:
    """Do without them for as long as the block lasts."""
    put_back = guards.take_away()
    try:
        yield
    finally:
        put_back()
