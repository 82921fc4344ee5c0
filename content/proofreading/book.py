"""The book of rules that texts are checked with: that of the database, or the sample where there is none."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from content.claims.checking import Book
from content.claims.rules import Rule, Therapy
from content.models import ClaimRule
from content.models import Therapy as TherapyRow

LIBRARY = Path(__file__).resolve().parent.parent / "library"


def current(*, instead: TherapyRow | None = None) -> Book:
    """Return the active rules and all therapies, as the database holds them now, in this transaction.

    Args:
        instead: a therapy as it would be; the book knows it by this name and status.
    """
    rows = list(TherapyRow.objects.all())
    if instead is not None:
        rows = [*(row for row in rows if row.pk != instead.pk), instead]
    return _compiled(
        tuple(rule.as_rule() for rule in ClaimRule.objects.active()),
        tuple(Therapy(row.slug, (row.name, row.short_name, row.slug), row.regulatory_status) for row in rows),
    )


# By what is in them: a book cannot be older than the rules that were just read, whichever process changed them, and a change
# of other content compiles nothing.
@lru_cache(maxsize=3)
def _compiled(rules: tuple[Rule, ...], therapies: tuple[Therapy, ...]) -> Book:
    return Book(rules, therapies)


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
