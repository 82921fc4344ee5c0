"""Erases what is due, for the command and for the worker."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from consultations.booking.refusals import TooLate
from consultations.exceptions import OnLegalHold
from consultations.models import ConsultationRequest
from consultations.models.fields import WORDS
from consultations.privacy import retention
from consultations.statuses import Status

HELD, NEAR = "kept: legal hold", "kept until after the appointment"
REASONS = ("asked for", "closed", "spam", HELD, NEAR)
ERASED = REASONS[:3]


def purge(
    *,
    now: dt.datetime,
    months: int = retention.MONTHS,
    dry_run: bool = False,
    most: int | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Erase each request that is due on its own, so that a stop loses nothing, and return how many for what reason.

    Args:
        now: the moment that ages are counted to.
        months: how long a closed request is kept.
        dry_run: only count.
        most: end after so many were erased; the rest is due still.
        stop: asked before each; True ends it.
    """
    counts: Counter[str] = Counter()
    for request in retention.due(now, months=months).defer(*WORDS).iterator(chunk_size=200):
        if stop() or (most is not None and sum(counts[reason] for reason in ERASED) >= most):
            break
        counts[_carry_out(request, now, dry_run=dry_run)] += 1
    return counts


def _carry_out(request: ConsultationRequest, now: dt.datetime, *, dry_run: bool) -> str:
    """Erase one and return why, or why not."""
    reason = "spam" if request.status == Status.SPAM else "closed"
    if request.erasure_asked_at is not None:
        reason = "asked for"
    if dry_run:
        return HELD if request.legal_hold else reason
    try:
        retention.erase(request, by=None, now=now)
    except OnLegalHold:
        return HELD
    except TooLate:
        # Somebody may be on their way already; a day later it is over.
        return NEAR
    return reason
