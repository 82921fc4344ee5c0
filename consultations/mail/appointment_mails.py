"""Queues mails about appointments, and drops queued ones that an appointment's change has made untrue.

`tell` is called by the verbs of booking/appointments.py inside their transaction, so a change and the word of it are one thing.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.mail import contact_mails, messages, reminders
from consultations.models import Appointment, Message
from consultations.statuses import ACTIVE, AppointmentStatus, MessageKind

# These say how an appointment stands; the others what happened to it once, which stays true.
PRESENT = frozenset({MessageKind.VISITOR_BOOKED, MessageKind.VISITOR_PENDING, MessageKind.VISITOR_MOVED})


def tell(appointment: Appointment, *, by: User | None, now: dt.datetime, declined: bool = False) -> None:
    """Queue the word of a change to the visitor, and of what the visitor did to staff; set the reminders right."""
    if appointment.moved_from is not None:
        reminders.disarm(appointment.moved_from)
    reminders.disarm(appointment)
    reminders.arm(appointment, now=now)
    if by is None and never_confirmed(appointment):
        _tell_unconfirmed(appointment, now)
        return
    recipients: dict[str, str] = {_kind(appointment, declined=declined): appointment.request.email}
    if by is None:
        recipients[MessageKind.STAFF_APPOINTMENT] = messages.staff_inbox()
    messages.queue_about(appointment, recipients, now=now)


def never_confirmed(appointment: Appointment) -> bool:
    """Return whether this is, or was until it was given up, a booking that nobody has confirmed."""
    request = appointment.request
    return appointment.booked_by_id is None and not request.is_confirmed


def _tell_unconfirmed(appointment: Appointment, now: dt.datetime) -> None:
    """Ask whether the address is right, once for a booking; only where there is a number alone, tell staff to call."""
    if appointment.status != AppointmentStatus.UNCONFIRMED or appointment.moved_from_id:
        return
    if not contact_mails.ask(appointment.request, appointment, now=now) and not appointment.request.email:
        messages.queue_about(appointment, {MessageKind.STAFF_APPOINTMENT: messages.staff_inbox()}, now=now)


def point_to(existing: Appointment, *, now: dt.datetime) -> bool:
    """Mail the link to the appointment a person has, once; return whether there is an address to send it to.

    It goes to the address that appointment was booked with: whoever holds another request's link learns nothing of it.
    """
    recipient = existing.request.email
    messages.queue_about(existing, {MessageKind.VISITOR_EXISTING: recipient}, now=now)
    return bool(recipient)


def offer(held: Appointment, *, now: dt.datetime) -> None:
    """Queue the offer of a time that is held for somebody on the waiting list."""
    messages.queue_about(held, {MessageKind.VISITOR_OFFER: held.request.email}, now=now)


def is_wanted(message: Message, now: dt.datetime) -> bool:
    """Return whether a mail should still leave: one that was late and that a newer one has overtaken would mislead."""
    appointment = message.appointment
    if message.kind == MessageKind.VISITOR_CONFIRM:
        return message.recipient in {message.request.email, message.request.pending_email}
    if appointment is None:
        return True
    if message.kind == MessageKind.VISITOR_OFFER:
        return appointment.status == AppointmentStatus.HELD and now < (appointment.hold_expires_at or now)
    if message.kind in reminders.BEFORE:
        return reminders.is_wanted(message, now)
    stands = appointment.status in ACTIVE and appointment.sequence == message.sequence
    if message.kind == MessageKind.VISITOR_EXISTING:
        return stands
    # The first try goes out in order; only a later one can arrive after its successor.
    return stands or message.kind not in PRESENT or message.attempts <= 1


def _kind(appointment: Appointment, *, declined: bool) -> MessageKind:
    if appointment.status == AppointmentStatus.CANCELLED:
        return MessageKind.VISITOR_DECLINED if declined else MessageKind.VISITOR_CANCELLED
    if appointment.status == AppointmentStatus.PENDING:
        return MessageKind.VISITOR_PENDING
    return MessageKind.VISITOR_MOVED if appointment.moved_from_id else MessageKind.VISITOR_BOOKED
