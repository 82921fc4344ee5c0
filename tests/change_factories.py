"""Proposed changes and findings let pass for tests: boring, valid rows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from content.models import ClaimOverride, ProposedChange
from content.publishing import changes
from tests.article_factories import NOW, desk_account, number
from tests.factories import make_staff, make_therapy


def make_change(row: Model | None = None, *, by: User | None = None, **values: Any) -> ProposedChange:
    """Propose other values of a row; of a therapy's summary where nothing is given."""
    row = row or make_therapy(summary="Old words.")
    values = values or {"summary": f"New words {number()}."}
    for name, value in values.items():
        setattr(row, name, value)
    change = changes.propose(row, list(values), by=by or make_staff("Editors"), now=NOW)
    assert change is not None
    return change


def make_override(**kwargs: Any) -> ClaimOverride:
    """Write down round the verb that a finding was let pass."""
    defaults: dict[str, Any] = {
        "rule": f"rule-{number()}",
        "sentence": "It cures joints",
        "reason": "It is a quotation.",
        "by": desk_account("desk-reviewer"),
        "at": NOW,
    }
    if "revision" not in kwargs:
        kwargs.setdefault("change", None)
        kwargs["change"] = kwargs["change"] or make_change()
    return ClaimOverride.objects.create(**defaults | kwargs)
