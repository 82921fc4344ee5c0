"""Appointments as calendar objects (RFC 5545), with the method that says what to do with them (iTIP, RFC 5546).

A mail invites its recipient: REQUEST, with them as ATTENDEE. A file to download invites nobody: PUBLISH, without one.
CANCEL takes an entry out again, whichever way it came (RFC 5546, 3.2.5 and 4.1.3).

One chain of bookings and moves is one entry: its UID never changes and its SEQUENCE rises with every change, so a calendar
replaces what it has instead of keeping two. Others may see a calendar: the entry itself names no consultation and no
therapy, and holds no link, as whoever has the private link can cancel. Below it stand the notices of the place, which are
the same for everybody who comes there (decision 14).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from email.message import MIMEPart
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from consultations.clocks import leading
from consultations.models import Appointment
from consultations.statuses import AppointmentStatus, Channel
from content import addresses
from content.models import ClinicProfile, Notice
from content.notices import for_center, in_words
from content.text import on_one_line, printable

PRODUCT = "-//Clinic//Appointments//EN"
FILE_NAME = "appointment.ics"
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def as_it_stands(appointment: Appointment, clinic: ClinicProfile, *, now: dt.datetime) -> bytes:
    """Return the file to download for the appointment as it is now; for a cancelled one, the object that takes it out again."""
    return build(
        appointment,
        clinic,
        sequence=appointment.sequence,
        stamp=appointment.changed_at,
        cancelled=appointment.status == AppointmentStatus.CANCELLED,
        tentative=appointment.status == AppointmentStatus.PENDING,
        notices=for_center(appointment.center, now),
    )


def method(*, cancelled: bool, invites: bool) -> str:
    """Return the iTIP method: what whoever gets the object is to do with it."""
    return CANCEL if cancelled else REQUEST if invites else PUBLISH


def build(
    appointment: Appointment,
    clinic: ClinicProfile,
    *,
    sequence: int,
    stamp: dt.datetime,
    cancelled: bool = False,
    tentative: bool = False,
    attendee: str = "",
    notices: Sequence[Notice] = (),
) -> bytes:
    """Return a calendar object as it leaves, with lines that end in CRLF.

    Args:
        appointment: with its center and request read along.
        clinic: whose appointment it is.
        sequence: which change of the entry this is.
        stamp: when that change was made.
        cancelled: take the entry out again.
        tentative: the time is taken, and not yet confirmed.
        attendee: the address a mail goes to, which makes it an invitation; a file to download invites nobody.
        notices: what the place asks to say; an entry that is taken out says nothing.
    """
    event = Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    # In UTC: the instant is agreed on, and calendars show it on their owner's clock.
    event.add("dtstart", appointment.starts_at.astimezone(dt.UTC))
    event.add("dtend", appointment.ends_at.astimezone(dt.UTC))
    event.add("summary", printable(f"Appointment: {clinic.short_name}"))
    event.add("location", printable(where(appointment)))
    event.add("description", printable(_description(appointment, clinic, () if cancelled else notices)))
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if tentative else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    organizer = clinic.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if organizer:
        event["organizer"] = _person(organizer, CN=vText(on_one_line(clinic.short_name)))
    if attendee:
        event["attendee"] = _person(attendee, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if organizer:
        # Every method asks for the organizer; without one it is a plain entry, which calendars take in as well.
        calendar.add("method", method(cancelled=cancelled, invites=bool(attendee)))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _person(address: str, **params: str) -> vCalAddress:
    return vCalAddress(addresses.mailto(addresses.mail_address(address)), params=params)


def attachment(content: bytes) -> MIMEPart:
    """Return a calendar object as a file of a mail, for programs that do not read it as the mail's own invitation.

    Not `text/calendar`, which is the alternative part beside the words: a program would take the entry in twice.
    """
    part = MIMEPart()
    part.set_content(content, maintype="application", subtype="ics", disposition="attachment", filename=FILE_NAME)
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


def _description(appointment: Appointment, clinic: ClinicProfile, notices: Iterable[Notice]) -> str:
    phone = leading.phone(appointment.center, clinic)
    call = f"Questions? Call {phone.as_international}." if phone else ""
    change = "To move or cancel it, use the link in our email."
    said = "\n".join(filter(None, [f"Reference {appointment.request.reference}", change, call]))
    return "\n\n".join([said, *map(in_words, notices)])
