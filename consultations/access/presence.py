"""Who is looking at a request at this moment, so that two do not call the same visitor."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.models import ConsultationRequest, Presence

# Whoever opened a page longer ago has gone on to something else.
LASTS = dt.timedelta(minutes=5)
KEPT = dt.timedelta(hours=1)


def here(request: ConsultationRequest, *, by: User, now: dt.datetime) -> None:
    """Keep that somebody opened a request's page just now."""
    row = Presence(request=request, user=by, seen_at=now)
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["request", "user"], update_fields=["seen_at"]
    )


def others(request: ConsultationRequest, *, than: User, now: dt.datetime) -> list[User]:
    """Return who else opened the page within the last minutes, the latest first."""
    rows = Presence.objects.filter(request=request, seen_at__gt=now - LASTS).exclude(user=than)
    return [row.user for row in rows.select_related("user").order_by("-seen_at")]


def forget(*, now: dt.datetime) -> None:
    """Delete what nobody asks for any more."""
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
