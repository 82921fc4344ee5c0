"""The book of rules that texts are checked with: that of the database, or the sample where there is none."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from content import versions
from content.claims.checking import Book
from content.claims.rules import Rule, Therapy
from content.models import ClaimRule
from content.models import Therapy as TherapyRow

LIBRARY = Path(__file__).resolve().parent.parent / "library"
# The book of the content version that it was compiled from: rules and therapies are content, so a change of either raises it.
_kept: dict[int, Book] = {}


def current() -> Book:
    """Return the active rules and all therapies, compiled once for each content version and process."""
    number = versions.current()
    book = _kept.get(number)
    if book is None or number == versions.NONE:
        book = Book(
            [rule.as_rule() for rule in ClaimRule.objects.active()],
            [
                Therapy(row.slug, (row.name, row.short_name, row.slug), row.regulatory_status)
                for row in TherapyRow.objects.all()
            ],
        )
        # Inside a transaction the number may be taken back, and given to another state.
        if not connection.in_atomic_block:
            _kept.clear()
            _kept[number] = book
    return book


def forget() -> None:
    """Let the next check read rules and therapies anew."""
    _kept.clear()


@cache
def sample() -> Book:
    """Return the rules and therapies of the sample site, from its files; it asks no database."""
    tables = _read(LIBRARY / "claim_rules.toml")["claim_rule"]
    therapies = {path.stem: _read(path) for path in sorted((LIBRARY / "therapies").glob("*.toml"))}
    return Book(
        [rule_of(table) for table in tables if table.get("active", True)],
        [
            Therapy(slug, (table["name"], table["short_name"], slug), table["regulatory_status"])
            for slug, table in therapies.items()
        ],
    )


def rule_of(table: dict[str, Any]) -> Rule:
    """Return the rule of a table in the library's file."""
    values: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value.strip()
        for name, value in table.items()
        if name != "active"
    }
    return Rule(**values)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
