"""From which networks, and with which browsers, an account was used: a stranger's tries do not stand in the way of those."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import QuerySet

from consultations.links import digests
from consultations.models import KnownPlace

KEPT = dt.timedelta(days=90)
PURPOSE = "consultations.access.places"


def remember(user: User, place: str, *, now: dt.datetime) -> None:
    """Write that somebody logged in from a network, or with a browser; what is unused for 90 days is forgotten."""
    KnownPlace.objects.filter(used_at__lt=now - KEPT).delete()
    KnownPlace.objects.update_or_create(user=user, place=digests.keyed(PURPOSE, place), defaults={"used_at": now})


def is_known(username: str, place: str, *, now: dt.datetime) -> bool:
    """Return whether the account of this name was used there within 90 days."""
    return _recent(place, now).filter(user__username=username).exists()


def is_used(place: str, *, now: dt.datetime) -> bool:
    """Return whether any account was used there within 90 days."""
    return _recent(place, now).exists()


def _recent(place: str, now: dt.datetime) -> QuerySet[KnownPlace]:
    found = digests.readings(PURPOSE, place)
    return KnownPlace.objects.filter(place__in=found, used_at__gte=now - KEPT)
