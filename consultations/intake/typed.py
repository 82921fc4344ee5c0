"""What people type, and what programs send in its place, made fit for checking and storing. Pure."""

from __future__ import annotations

import re

from django.http import QueryDict

from content import text

MOST_VALUES = 20
# Longer than any field allows, so that a field still says so; what comes after it cannot matter.
MOST_CHARACTERS = 20_000


def tidied(data: QueryDict) -> QueryDict:
    """Return a copy that may be changed: line ends alike, nothing unprintable, no endless lists or texts."""
    copy = QueryDict(mutable=True, encoding="utf-8")
    for name, values in data.lists():
        copy.setlist(name, [text.printable(str(value)[:MOST_CHARACTERS]) for value in values[:MOST_VALUES]])
    return copy


def first_language(header: str) -> str:
    """Return the first language of an Accept-Language header, such as de-AT, or "" where it names none."""
    match = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,2})(?=\s*(?:[,;]|$))", header)
    return match[1] if match and len(match[1]) <= 12 else ""
