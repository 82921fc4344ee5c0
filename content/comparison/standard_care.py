"""Standard care for a card in an article."""

from __future__ import annotations

from typing import Any, NamedTuple

from content.models import Finding, Therapy


class StandardCare(NamedTuple):
    """The therapy that stands for standard care, and its findings under the criteria that every therapy answers.

    Each has `criterion`, `value`, `note` and `reviewed_on`, which is empty where readers are not to be told the rest.
    """

    therapy: Therapy
    answers: list[dict[str, Any]]


def read() -> StandardCare | None:
    """Return it; None where it is not shown, or where no criterion is required."""
    shown = Therapy.objects.shown().filter(standard_care=True)
    told = Finding.objects.filter(therapy__in=shown, criterion__required=True)
    findings = list(told.select_related("therapy", "criterion").order_by("criterion__position", "criterion__name"))
    if not findings:
        return None
    answers = [
        {"criterion": each.criterion.name, "value": each.value, "note": each.note, "reviewed_on": each.reviewed_on}
        for each in findings
    ]
    return StandardCare(findings[0].therapy, answers)
