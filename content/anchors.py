"""Ids that the page templates use, which anchors written by editors must leave alone. Pure."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

# What stands in templates/base.html and in those of pages with words of editors; a test collects them and compares.
RESERVED = frozenset(
    "about choice-error compare contents findings glance guides main near often questions references related status talk".split()
)
# The last part: numbered ones, which are references, the places that cite them, notices, groups of rows.
# Both databases read the pattern alike, in any case, as people do not tell `Main` from `main`.
RESERVED_PATTERN = f"^({'|'.join(sorted(RESERVED))}|(ref|cite|notice|group|id)-.*)$"
TAKEN = "This is an anchor of the page itself; choose another."
_reserved = re.compile(RESERVED_PATTERN, re.IGNORECASE)
_anchor = re.compile(r"[A-Za-z0-9_-]{1,80}")


def is_reserved(anchor: str) -> bool:
    """Return whether a page may have this id of its own."""
    return _reserved.match(anchor) is not None


def is_free(anchor: str) -> bool:
    """Return whether a heading may have this id: letters, digits, hyphens and underscores, and not reserved."""
    return _anchor.fullmatch(anchor) is not None and not is_reserved(anchor)


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
