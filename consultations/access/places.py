"""From which networks an account was used: a stranger's tries do not stand in the way of those."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import QuerySet

from consultations.links import digests
from consultations.models import KnownPlace

KEPT = dt.timedelta(days=90)
PURPOSE = "consultations.access.places"


def remember(user: User, network: str, *, now: dt.datetime) -> None:
    """Write that somebody logged in from a network; networks unused for 90 days are forgotten."""
    KnownPlace.objects.filter(used_at__lt=now - KEPT).delete()
    KnownPlace.objects.update_or_create(user=user, place=digests.keyed(PURPOSE, network), defaults={"used_at": now})


def is_known(username: str, network: str, *, now: dt.datetime) -> bool:
    """Return whether the account of this name was used from this network within 90 days."""
    return _recent(network, now).filter(user__username=username).exists()


def is_used(network: str, *, now: dt.datetime) -> bool:
    """Return whether any account was used from this network within 90 days."""
    return _recent(network, now).exists()


def _recent(network: str, now: dt.datetime) -> QuerySet[KnownPlace]:
    found = digests.readings(PURPOSE, network)
    return KnownPlace.objects.filter(place__in=found, used_at__gte=now - KEPT)
