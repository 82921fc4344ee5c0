"""The agenda as a list: the appointments of each day in order, and what is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from consultations.admin import appointment_block
from consultations.admin.agenda.asked import Asked
from consultations.clocks import wording
from consultations.models import Appointment, Closure, Leave
from consultations.models.fields import WORDS, through
from consultations.models.place import Viewer

# Nothing is kept free for longer than this before a visit; the index is on what is kept free.
BUFFER = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Line:
    """One appointment on the page."""

    appointment: Appointment
    state: SafeString
    times: str
    zone: str


@dataclass
class DayOfLines:
    """A local date."""

    date: dt.date
    closed: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def days(asked: Asked, user: Viewer, now: dt.datetime) -> list[DayOfLines]:
    """Return the dates with what is closed and what is booked, in three queries."""
    found = {date: DayOfLines(date) for date in asked.dates}
    for first, last, words in [*_closures(asked, user), *_leaves(asked)]:
        for date in asked.dates:
            if first <= date <= last:
                found[date].closed.append(words)
    for appointment in _appointments(asked, user, now):
        found[appointment.starts_at.astimezone(asked.zone).date()].lines.append(_line(appointment, asked))
    return list(found.values())


def _closures(asked: Asked, user: Viewer) -> Iterator[tuple[dt.date, dt.date, str]]:
    """Yield what is closed: first day, last day, words."""
    seen = Closure.objects.visible_to(user).select_related("center")
    found = seen.filter(first_day__lte=asked.dates[-1], last_day__gte=asked.first)
    for one in found:
        elsewhere = (
            one.center is not None and (asked.by_phone or asked.center is not None) and one.center != asked.center
        )
        if not elsewhere:
            where = f" ({one.center})" if one.center and not asked.center else ""
            yield one.first_day, one.last_day, f"Closed: {one.name}{where}"


def _leaves(asked: Asked) -> Iterator[tuple[dt.date, dt.date, str]]:
    """Yield when the consultant is away, where the agenda is one consultant's."""
    zone = asked.zone
    for one in Leave.objects.filter(consultant=asked.consultant, ends_at__gt=asked.begin, starts_at__lt=asked.end):
        words = f"On leave from {wording.short(one.starts_at, zone)} to {wording.short(one.ends_at, zone)}"
        yield one.starts_at.astimezone(zone).date(), one.ends_at.astimezone(zone).date(), words


def _appointments(asked: Asked, user: Viewer, now: dt.datetime) -> list[Appointment]:
    found = (
        Appointment.objects.visible_to(user)
        .occupying(now)
        .with_offers()
        .filter(
            busy_from__gte=asked.begin - BUFFER,
            busy_from__lt=asked.end,
            starts_at__gte=asked.begin,
            starts_at__lt=asked.end,
        )
    )
    if asked.center is not None:
        found = found.filter(center=asked.center)
    elif asked.by_phone:
        found = found.filter(center=None)
    if asked.consultant is not None:
        found = found.filter(consultant=asked.consultant)
    related = found.select_related("request__center", "consultant", "center", "appointment_type")
    # What a visitor wrote is not for a sheet of paper.
    return list(
        related.sealed()
        .defer(*through("request", WORDS))
        .with_clinic_clock()
        .order_by("starts_at", "consultant__public_name")
    )


def _line(appointment: Appointment, asked: Asked) -> Line:
    zone = appointment.center.zone if appointment.center else asked.zone
    times = f"{wording.clock(appointment.starts_at, zone)}–{wording.clock(appointment.ends_at, zone)}"
    named = "" if zone == asked.zone else f"{wording.place(zone)}, {wording.offset(appointment.starts_at, zone)}"
    return Line(appointment, appointment_block.state(appointment), times, named)
