"""Standard care for a card in an article: read as one column of the query for its sections, so that a card costs no query."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.db.models import OuterRef, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject

from content.models import Finding, Therapy

# JSON holds no line feed but as an escape.
LINE = "\n"
THERAPY = "name short_name slug summary regulatory_status".split()
ANSWER = {"criterion": "criterion__name", "value": "value", "note": "note", "reviewed_on": "reviewed_on"}


class StandardCare(NamedTuple):
    """The therapy that stands for standard care, not to be saved, and its findings under the criteria that every therapy answers.

    Each has `criterion`, `value`, `note` and `reviewed_on`, which is empty where readers are not to be told the rest.
    """

    therapy: Therapy
    answers: list[dict[str, Any]]


def in_one_column() -> Subquery:
    """Return it as a column of a query on something else; nothing where it is not shown, or where no criterion is required."""
    shown = Therapy.objects.shown().filter(standard_care=True)
    told = Finding.objects.filter(therapy__in=shown, criterion__required=True)
    row = JSONObject(place="criterion__position", **ANSWER, **{name: f"therapy__{name}" for name in THERAPY})
    # Grouping by a constant makes the subquery return one text.
    rows = told.order_by().values(one=OuterRef("pk")).annotate(text=StringAgg(Cast(row, TextField()), Value(LINE)))
    return Subquery(rows.values("text"), output_field=TextField())


def from_column(column: str | None) -> StandardCare | None:
    """Return what `in_one_column` gave."""
    if not column:
        return None
    # Sorted here: aggregates of older releases of SQLite know no order.
    rows = sorted(map(json.loads, column.split(LINE)), key=lambda row: row["place"])
    therapy = Therapy(**{name: rows[0][name] for name in THERAPY})
    return StandardCare(therapy, [{name: row[name] for name in ANSWER} for row in rows])
