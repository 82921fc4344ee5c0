"""The list of the erased: kept outside the database, so that a restore of an older backup erases them again.

A line is the time (UTC) and the SHA-256 of the request's idempotency key, a random number that nobody else has: it leads to the row in
a backup of before, and to nothing else. The file only grows. Each machine that erases has its own, or all share a folder; a
restore takes any number of them. No models.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from consultations.exceptions import NotNoted

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ([0-9a-f]{64})")

type Noted = frozenset[str]


def note(key: str, *, now: dt.datetime) -> None:
    """Add a request to the list, on the disk before this returns; call it last before the commit.

    Raises:
        NotNoted: the list cannot be written. Who is on no list would come back with a restore, so nothing may be erased.
    """
    path = Path(settings.ERASED_FILE)
    line = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {digest(key)}\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write: lines of several processes do not mix.
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise NotNoted(
            f"Nothing was erased, because the list of the erased (ERASED_FILE) cannot be written: {error.strerror}."
        ) from None


def read(paths: Iterable[Path]) -> Noted:
    """Return who is on the lists.

    Raises:
        OSError: one cannot be read.
        ValueError: a line is none of ours; the text is a sentence.
    """
    found = set()
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not (match := LINE.fullmatch(line)):
                raise ValueError(f"Line {number} of {path} is no line of a list of the erased.")
            found.add(match[1])
    return frozenset(found)


def digest(key: str) -> str:
    """Return what a list holds of a request with an idempotency key."""
    return hashlib.sha256(key.encode()).hexdigest()
