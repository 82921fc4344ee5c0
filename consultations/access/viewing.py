"""Keeping who opened a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User

from consultations.models import AccessEntry, ConsultationRequest
from consultations.statuses import AccessKind


def viewed(request: ConsultationRequest, what: AccessKind, *, by: User, now: dt.datetime) -> None:
    """Keep that somebody opened it, once an hour for each of `what`; a second time within the hour writes nothing."""
    all_viewed([request.pk], what, by=by, now=now)


def all_viewed(requests: Sequence[int], what: AccessKind, *, by: User, now: dt.datetime) -> None:
    """Keep the same of many requests at once, by their keys."""
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    entries = (AccessEntry(request_id=key, by=by, what=what, at=now, hour=hour) for key in requests)
    AccessEntry.objects.bulk_create(entries, batch_size=1000, ignore_conflicts=True)
