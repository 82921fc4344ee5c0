"""Ids that the page templates use, which anchors written by editors must leave alone. Pure."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

# What stands in templates/base.html and in those of pages with words of editors; a test collects them and compares.
RESERVED = frozenset(
    "about choice-error compare contents findings glance guides main near often questions references related status talk".split()
)
# Numbered ones: references, the places that cite them, notices, groups of rows.
RESERVED_PREFIX = re.compile(r"(?:ref|cite|notice|group|id)-")


def is_reserved(anchor: str) -> bool:
    """Return whether a page may have this id of its own."""
    return anchor in RESERVED or RESERVED_PREFIX.match(anchor) is not None


def validate(anchor: str) -> None:
    """Refuse an anchor that a page may have as an id of its own.

    Raises:
        ValidationError: it is reserved.
    """
    if is_reserved(anchor):
        raise ValidationError(
            "“%(anchor)s” is an anchor of the page itself; choose another, such as %(anchor)s-more.",
            params={"anchor": anchor},
            code="reserved",
        )
