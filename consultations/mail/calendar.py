"""Appointments as calendar objects (RFC 5545, RFC 5546).

One chain of bookings and moves is one entry: its UID never changes and its SEQUENCE rises with every change, so a calendar
replaces what it has instead of keeping two. Others may see a calendar: the entry names no consultation and no therapy,
and holds no link, as whoever has the private link can cancel.
"""

from __future__ import annotations

import datetime as dt
from email.message import MIMEPart
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from consultations.clocks import leading
from consultations.models import Appointment
from consultations.statuses import AppointmentStatus, Channel
from content import addresses
from content.models import ClinicProfile

PRODUCT = "-//Clinic//Appointments//EN"
FILE_NAME = "appointment.ics"
REQUEST, CANCEL = "REQUEST", "CANCEL"


def as_it_stands(appointment: Appointment, clinic: ClinicProfile) -> bytes:
    """Return the object for the appointment as it is now; for a cancelled one, the object that takes it out again."""
    cancelled = appointment.status == AppointmentStatus.CANCELLED
    tentative = appointment.status == AppointmentStatus.PENDING
    return build(
        appointment,
        clinic,
        sequence=appointment.sequence,
        cancelled=cancelled,
        tentative=tentative,
        stamp=appointment.changed_at,
    )


def build(
    appointment: Appointment,
    clinic: ClinicProfile,
    *,
    sequence: int,
    stamp: dt.datetime,
    cancelled: bool = False,
    tentative: bool = False,
    attendee: str = "",
) -> bytes:
    """Return a calendar object as it leaves, with lines that end in CRLF.

    Args:
        appointment: with its center and request read along.
        clinic: whose appointment it is.
        sequence: which change of the entry this is.
        stamp: when that change was made.
        cancelled: take the entry out again.
        tentative: the time is taken, and not yet confirmed.
        attendee: the visitor's address, for an invitation by mail; a file to download does without.
    """
    event = Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    # In UTC: the instant is agreed on, and calendars show it on their owner's clock.
    event.add("dtstart", appointment.starts_at.astimezone(dt.UTC))
    event.add("dtend", appointment.ends_at.astimezone(dt.UTC))
    event.add("summary", f"Appointment: {clinic.short_name}")
    event.add("location", where(appointment))
    event.add("description", _description(appointment, clinic))
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if tentative else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if clinic.email:
        event["organizer"] = vCalAddress(
            f"mailto:{addresses.mail_address(clinic.email)}", params={"CN": vText(clinic.short_name)}
        )
    if attendee:
        event["attendee"] = vCalAddress(
            f"mailto:{addresses.mail_address(attendee)}",
            params={"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
        )
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", CANCEL if cancelled else REQUEST)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def attachment(content: bytes, *, cancelled: bool) -> MIMEPart:
    """Return a calendar object as a part of a mail, labelled so that calendars offer to take it in."""
    part = MIMEPart()
    part.set_content(
        content,
        maintype="text",
        subtype="calendar",
        disposition="attachment",
        filename=FILE_NAME,
        params={"method": CANCEL if cancelled else REQUEST, "charset": "utf-8"},
    )
    return part


def uid_of(appointment: Appointment) -> str:
    """Return the entry's identity in the world, the same for the whole chain."""
    return f"{appointment.uid}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def where(appointment: Appointment) -> str:
    """Return the address to go to, or how we meet without one."""
    center = appointment.center
    if center is None:
        return Channel(appointment.channel).label
    town = f"{center.city} {center.postal_code}".strip()
    return f"{center.address}, {town}, {center.country.name}"


def _description(appointment: Appointment, clinic: ClinicProfile) -> str:
    phone = leading.phone(appointment.center, clinic)
    call = f"Questions? Call {phone.as_international}." if phone else ""
    change = "To move or cancel it, use the link in our email."
    return "\n".join(filter(None, [f"Reference {appointment.request.reference}", change, call]))
