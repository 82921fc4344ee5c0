"""Keeping who opened a request."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.models import AccessEntry, ConsultationRequest
from consultations.statuses import AccessKind


def viewed(request: ConsultationRequest, what: AccessKind, *, by: User, now: dt.datetime) -> None:
    """Keep that somebody opened it, once an hour for each of `what`; a second time within the hour writes nothing."""
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    entry = AccessEntry(request=request, by=by, what=what, at=now, hour=hour)
    AccessEntry.objects.bulk_create([entry], ignore_conflicts=True)
