"""Template tags of the desk: what the admin's front page tells, and instants on a named clock."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django import template
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from consultations.clocks import wording
from consultations.limits import counting
from consultations.models import Closure, Consultant, PlaceRight, SavedView, SecondFactorReset
from consultations.models.place import Viewer

register = template.Library()
# What the admin writes log entries of, and a place limits.
LOGGED: tuple[type[Consultant | Closure | PlaceRight | SavedView | SecondFactorReset], ...] = (
    Consultant,
    Closure,
    PlaceRight,
    SavedView,
    SecondFactorReset,
)


@register.filter
def machine_time(instant: dt.datetime) -> str:
    """Return an instant as `<time>` has it: `2027-03-03T14:30Z`."""
    return f"{instant.astimezone(wording.UTC):%Y-%m-%dT%H:%MZ}"


@register.filter
def on_clock(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `09:30 (New York, UTC−05:00)`, with the day where the clock shows another one than UTC."""
    shown = wording.clock if instant.astimezone(zone).date() == instant.astimezone(dt.UTC).date() else wording.short
    return f"{shown(instant, zone)} ({wording.place(zone)}, {wording.offset(instant, zone)})"


@register.simple_tag
def log_of(user: Viewer) -> QuerySet[LogEntry]:
    """Return the admin's log without the rows that the user may not see, or not any more."""
    entries = LogEntry.objects.select_related("content_type", "user")
    if user.is_superuser:
        return entries
    for model in LOGGED:
        seen = model.objects.visible_to(user).annotate(key=Cast("pk", CharField())).values("key")
        kind = ContentType.objects.get_for_model(model)
        entries = entries.exclude(Q(content_type=kind) & ~Q(object_id__in=seen))
    return entries


@register.simple_tag
def has_no_place(user: Viewer) -> bool:
    """Return whether the user was given no place, so that the desk is empty for them."""
    return not user.is_superuser and not PlaceRight.objects.of(user).exists()


@register.simple_tag
def limits_reached() -> list[str]:
    """Return a sentence for each limit that closes a door for everybody at this moment, or of an account under attack."""
    return [
        f"More {limit.what} than usual: {who} has reached the limit, until {until:%H:%M} UTC. {limit.beyond}"
        for limit, who, until in counting.reached(now=timezone.now())
    ]
