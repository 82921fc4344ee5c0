"""Mails and calendar objects hold whatever text the database holds."""

from __future__ import annotations

import email
import email.policy

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from consultations.booking import appointments
from consultations.links import private_link
from consultations.mail import messages
from consultations.models import Message
from consultations.statuses import MessageKind
from content.models import Center, ClinicProfile
from content.text import UNPRINTABLE
from tests.booking_factories import make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW, make_center

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


@pytest.mark.parametrize("sign", ["\x0b", "\x01", "\x85", "\ufffe", "\n", "\r\nBcc: e@e.example\r\n"])
def test_mail_and_calendar_hold_with_any_stored_text(client: Client, sign: str) -> None:
    center, visit = make_center(), make_appointment_type()
    make_consultant(center)
    request = visitor(1, center=center)
    appointments.book(request, wanted_slot(visit, center), now=NOW)
    # Past every form and signal, as SQL would.
    ClinicProfile.objects.update(short_name=f"Fe{sign}rn", name=f"Fe{sign}rn", legal_name=f"Fe{sign}rn")
    Center.objects.update(address=f"1 El{sign}m", city=f"Bos{sign}ton")

    raw = messages.build(Message.objects.get(kind=MessageKind.VISITOR_BOOKED)).message(policy=email.policy.SMTP)
    download = client.get(reverse("consultations:calendar", args=[private_link.token_for(request.link_id)]))

    mail = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
    assert (mail["To"], mail["Bcc"], mail.defects) == ("visitor1@visitor.example", None, [])
    assert not UNPRINTABLE.search(f"{mail['Subject']}{mail['From']}")
    assert len(icalendar.Calendar.from_ical(download.content).walk("VEVENT")) == 1
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
