"""Who is told by mail of what waits at a center, as its managers set it."""

from __future__ import annotations

from django.contrib.auth.models import User

from consultations.access.colleagues import colleagues
from consultations.groups import MANAGERS
from consultations.models import EscalationRule
from consultations.models.place import holders
from consultations.statuses import EscalationKind


def told_of(center: int | None, kind: EscalationKind) -> list[User]:
    """Return who gets such a mail about a center, by its key, or about requests without one.

    They work on requests, are active, have an address and may see the place; those whom the rule names, or else all managers.
    """
    rule = EscalationRule.objects.filter(center=center).first()
    if rule is not None and not (rule.tell_overdue if kind == EscalationKind.OVERDUE else rule.tell_daily):
        return []
    able = colleagues().filter(holders(center)).exclude(email="").distinct()
    named = list(able.filter(pk__in=rule.recipients.values("pk"))) if rule is not None else []
    return named or list(able.filter(groups__name=MANAGERS))
