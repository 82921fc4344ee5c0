"""What a mail about an appointment says (when, where, with whom), and its calendar attachment.

The place's clock leads, in the subject too: people arrive when the clock at the place says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consultations.clocks import leading, wording
from consultations.mail import calendar
from consultations.models import Appointment, Message
from consultations.statuses import ACTIVE, Channel, MessageKind
from content.models import ClinicProfile, Notice

INVITES = frozenset({MessageKind.VISITOR_BOOKED, MessageKind.VISITOR_PENDING, MessageKind.VISITOR_MOVED})
REVOKES = frozenset({MessageKind.VISITOR_CANCELLED, MessageKind.VISITOR_DECLINED})


def context(message: Message, clinic: ClinicProfile, *, discreet: bool) -> dict[str, Any]:
    """Return what the templates of a mail about an appointment need; nothing for other mails."""
    if message.appointment is None:
        return {}
    message.appointment.request = message.request
    found = facts(message.appointment, clinic, discreet=discreet)
    # A mail does not offer what is over by the time it leaves.
    return found if found["changes_end"] > message.due_at else found | {"change_until": ""}


def facts(appointment: Appointment, clinic: ClinicProfile, *, discreet: bool) -> dict[str, Any]:
    """Return an appointment in words, for a mail or a page; a discreet one does not name the center."""
    zone, start, center = appointment.zone, appointment.starts_at, appointment.center
    address = calendar.where(appointment)
    before = appointment.moved_from
    if before is not None:
        # A chain is of one request; its clock may be asked for.
        before.request = appointment.request
    return {
        "appointment": appointment,
        "when": wording.full(start, zone),
        "when_too": other_clock(appointment),
        "minutes": appointment.minutes,
        "in_person": appointment.channel == Channel.IN_PERSON,
        "by_phone": appointment.channel == Channel.PHONE,
        # A form needs only one way to reach somebody, and it may have been an email address.
        "number_missing": appointment.channel == Channel.PHONE
        and appointment.status in ACTIVE
        and not appointment.request.phone,
        # The name of a center may say what kind of place it is.
        "where": address if discreet or center is None else f"{center}, {address}",
        "phone": leading.phone(center, clinic),
        "consultant": appointment.consultant.public_name,
        "was": wording.full(before.starts_at, before.zone) if before else "",
        "offered_until": wording.full(appointment.hold_expires_at, zone) if appointment.hold_expires_at else "",
        "changes_end": appointment.changes_end,
        "change_until": wording.full(appointment.changes_end, zone),
    }


def other_clock(appointment: Appointment) -> str:
    """Return the time on the visitor's own clock, or "" where it shows the same as the clock that leads."""
    zone = wording.zone_named(appointment.visitor_zone)
    if zone is None or wording.same_clock(appointment.starts_at, zone, appointment.zone):
        return ""
    return wording.full(appointment.starts_at, zone)


def invitation(message: Message, clinic: ClinicProfile, notices: Sequence[Notice] = ()) -> tuple[bytes, str] | None:
    """Return the calendar object that goes with a mail, as of the change it tells of, and its iTIP method; None for other mails.

    Args:
        message: the mail.
        clinic: whose it is.
        notices: those that the mail carries.
    """
    appointment = message.appointment
    if appointment is None or message.sequence is None or message.kind not in INVITES | REVOKES:
        return None
    if message.request.erased_at:
        # By which name the visitor's calendar knows the entry is forgotten.
        return None
    appointment.request = message.request
    cancelled = message.kind in REVOKES
    content = calendar.build(
        appointment,
        clinic,
        sequence=message.sequence,
        stamp=message.created_at,
        cancelled=cancelled,
        tentative=message.kind == MessageKind.VISITOR_PENDING,
        attendee=message.recipient,
        notices=notices,
    )
    return content, calendar.method(cancelled=cancelled, invites=True)
