"""Local time to instant, also when clocks change: skipped times do not exist, repeated ones mean the first. Pure."""

from __future__ import annotations

import datetime as dt
import zoneinfo

MINUTE = dt.timedelta(minutes=1)
# Between these two, nobody has to read a mail.
EVENING, MORNING = dt.time(21), dt.time(8)


def at(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """Return the instant (UTC) of a local time: the first of two, and None where the clock skips it."""
    wall = dt.datetime.combine(day, time)
    instant = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    there = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    return instant if there == wall else None


def edge(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the instant (UTC) at which hours begin or end; where the clock skips that time, the moment it jumps."""
    wall = dt.datetime.combine(day, time)
    instant = at(day, time, zone)
    skipped = instant is None
    while instant is None:
        wall -= MINUTE
        instant = at(wall.date(), wall.time(), zone)
    return instant + MINUTE if skipped else instant


def awake(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return when somebody whose clock is in `zone` can be expected to read what is sent now: at once, or in the morning."""
    local = now.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() + dt.timedelta(days=local.time() >= EVENING)
    return edge(day, MORNING, zone)
