"""Labels and colors of statuses, and how a deadline is worded for staff ("due in 2 hours"). Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from consultations.statuses import LIVE, WAITING, AppointmentStatus, MessageState, NextStep, Status
from content.admin.marks import Kind

if TYPE_CHECKING:
    from consultations.models import ConsultationRequest

STATUS_KINDS: dict[Status, Kind] = {
    Status.NEW: "go",
    Status.ATTEMPTED: "warn",
    Status.REACHED: "calm",
    Status.BOOKED: "calm",
    Status.WON: "done",
    Status.LOST: "off",
    Status.SPAM: "off",
}
MESSAGE_KINDS: dict[MessageState, Kind] = {
    MessageState.QUEUED: "calm",
    MessageState.SENDING: "calm",
    MessageState.SENT: "done",
    MessageState.DEAD: "warn",
    MessageState.DROPPED: "off",
}
APPOINTMENT_KINDS: dict[AppointmentStatus, Kind] = {
    AppointmentStatus.HELD: "off",
    AppointmentStatus.UNCONFIRMED: "warn",
    AppointmentStatus.LAPSED: "off",
    AppointmentStatus.PENDING: "go",
    AppointmentStatus.CONFIRMED: "calm",
    AppointmentStatus.CANCELLED: "off",
    AppointmentStatus.MOVED: "off",
    AppointmentStatus.ATTENDED: "done",
    AppointmentStatus.NO_SHOW: "warn",
}
# What a time is held for: it has no status of its own for that.
CHOOSING = "Held while they choose"
OFFERED = "Offered to who waits"
# Of a request whose person had left another one: their history may be a colleague's.
AGAIN = "asked again"
SOON = dt.timedelta(hours=2)


def due(request: ConsultationRequest, now: dt.datetime) -> tuple[str, Kind]:
    """Return how the promised answer stands at `now`, and the mark it gets; agrees with `RequestQuerySet.overdue`."""
    if request.status not in WAITING or request.erased_at is not None:
        return "", "off"
    if request.first_contact_at is not None:
        return "answered", "done"
    left = request.respond_by - now
    if left < dt.timedelta(0):
        return f"overdue by {span(-left)}", "warn"
    return f"due in {span(left)}", "go" if left <= SOON else "calm"


def next_step(request: ConsultationRequest, now: dt.datetime) -> tuple[str, Kind]:
    """Return what is to be done next and how far off it is at `now`, and the mark it gets; nothing for what is closed."""
    if request.status not in LIVE or request.erased_at is not None or request.next_at is None:
        return "", "off"
    label, left = NextStep(request.next_step).label, request.next_at - now
    if left >= dt.timedelta(0):
        return f"{label} in {span(left)}", "go" if left <= SOON else "calm"
    # What begins at its time is not late by itself.
    if request.next_step == NextStep.APPOINTMENT:
        return f"Appointment {span(-left)} ago", "go"
    return f"{label}, {span(-left)} late", "warn"


def span(length: dt.timedelta) -> str:
    """Return a length of time in its largest fitting unit: minutes, hours from one on, days from two on."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"
