"""What the doctor found, and ages in words. A leaf."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A sentence for whoever runs the site; `serious`: somebody should do something today."""

    says: str
    serious: bool = False


def in_words(time: dt.timedelta) -> str:
    """Return a time as people say it, rounded down: 2 days, 3 hours, 5 minutes."""
    for unit, length in (
        ("day", dt.timedelta(days=1)),
        ("hour", dt.timedelta(hours=1)),
        ("minute", dt.timedelta(minutes=1)),
    ):
        if time >= length:
            return counted(time // length, unit)
    return "less than a minute"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which takes an s."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
