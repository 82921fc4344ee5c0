"""When appointment reminders are queued, and for which times before the start.

They are armed and disarmed in the transaction that books, moves or cancels. A worker that took one the moment before asks
`is_wanted` of the appointment as it then stands, so a reminder that was overtaken is dropped and not sent.
"""

from __future__ import annotations

import datetime as dt

from consultations.mail import messages
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.statuses import AppointmentStatus, MessageKind, MessageState

# How long before the start; the earliest first.
BEFORE: dict[str, dt.timedelta] = {
    MessageKind.REMINDER_DAY: dt.timedelta(hours=24),
    MessageKind.REMINDER_HOURS: dt.timedelta(hours=2),
}
# From when on each says nothing any more that the next one, or the clock, does not say as well.
STALE_BEFORE: dict[str, dt.timedelta] = {
    MessageKind.REMINDER_DAY: dt.timedelta(hours=2),
    MessageKind.REMINDER_HOURS: dt.timedelta(0),
}


def arm(appointment: Appointment, *, now: dt.datetime) -> None:
    """Queue the reminders whose time is still to come; one that waits for confirmation has none."""
    recipient = appointment.request.email
    if appointment.status != AppointmentStatus.CONFIRMED or not recipient:
        return
    due = {kind: appointment.starts_at - before for kind, before in BEFORE.items()}
    to_come = [kind for kind, due_at in due.items() if due_at > now]
    messages.queue_about(appointment, dict.fromkeys(to_come, recipient), now=now, due=due)


def disarm(appointment: Appointment) -> None:
    """Drop the reminders of an appointment that have not left."""
    waiting = Message.objects.filter(appointment=appointment, kind__in=BEFORE, state=MessageState.QUEUED)
    waiting.update(state=MessageState.DROPPED)


def readdress(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """Send what is still to come to the visitor's present address; `request` is as it stands in the database."""
    for appointment in Appointment.objects.upcoming(now).filter(request=request):
        appointment.request = request
        disarm(appointment)
        arm(appointment, now=now)


def is_wanted(message: Message, now: dt.datetime) -> bool:
    """Return whether a reminder still tells the truth: the appointment stands as it was, and is not upon us."""
    appointment = message.appointment
    if appointment is None:
        return False
    stands = appointment.status == AppointmentStatus.CONFIRMED and appointment.sequence == message.sequence
    return stands and now < appointment.starts_at - STALE_BEFORE[message.kind]
