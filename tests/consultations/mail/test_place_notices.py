"""The notices of a place in page, form, mails and calendar files, word for word and the same for everybody there."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import icalendar
import pytest
import time_machine
from django.test import Client

from consultations.booking import appointments
from consultations.evidence import shown
from consultations.mail import calendar, messages, place_notices
from consultations.models import ConsultationRequest, Message
from consultations.statuses import ConsentPurpose, MessageKind, ShownKind
from content.models import Center, ClinicProfile, Notice, Therapy
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, wanted_slot
from tests.consultations.mail.test_messages import text_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

WORDING = "Before any such therapy you are told in writing, and you sign; ask first: what is known?"
UTAH = "What Utah asks for."


@pytest.fixture
def seattle(clinic: ClinicProfile) -> Center:
    center = factories.make_center(slug="seattle", region="US-WA", time_zone="America/Los_Angeles")
    factories.make_center(region="US-UT")
    listed = factories.make_therapy(slug="cells", name="Cord cells", regulatory_status="unapproved")
    factories.make_notice(title="Washington", regions="US-WA", text=f"<p>{WORDING}</p>").therapies.add(listed)
    factories.make_notice(title="Utah", regions="US-UT", text=f"<p>{UTAH}</p>").therapies.add(listed)
    return center


def booked(center: Center, **kwargs: Any) -> ConsultationRequest:
    request = factories.make_request(center=center, **kwargs)
    visit = make_appointment_type()
    make_consultant(center)
    appointments.book(request, wanted_slot(visit, center, starts_at=MONDAY + dt.timedelta(hours=6)), now=NOW)
    return request


def words(client: Client, path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", client.get(path).content.decode())).split())


def description(content: bytes) -> str:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return str(event["DESCRIPTION"])


def test_same_wording_stands_on_page_form_private_page_mail_and_in_the_calendar(
    client: Client, seattle: Center
) -> None:
    request = booked(seattle)
    message = Message.objects.get(kind=MessageKind.VISITOR_BOOKED)
    mail = messages.build(message)
    appointment = request.appointments.get()

    assert WORDING in words(client, "/centers/seattle/")
    assert WORDING in words(client, "/therapies/cells/")
    assert WORDING in words(client, "/consultation/?center=seattle")
    assert WORDING in words(client, request.get_private_url())
    assert WORDING in mail.body
    assert WORDING in text_of(mail.message(), "html")
    downloaded = calendar.as_it_stands(appointment, ClinicProfile.objects.get(), now=NOW)
    files = [part for part in mail.message().walk() if part.get_filename() == calendar.FILE_NAME]
    for content in (downloaded, files[0].get_payload(decode=True)):
        assert isinstance(content, bytes)
        assert f"Washington\n{WORDING}" in description(content)
        assert UTAH not in description(content)
    assert UTAH not in mail.body
    assert UTAH not in words(client, request.get_private_url())


def test_form_without_a_place_has_the_wordings_of_all_to_open(client: Client, seattle: Center) -> None:
    page = client.get("/consultation/").content.decode()

    folded = page[page.index("<details") : page.index("</details>")]
    assert "Notices for the places of our centers" in folded
    assert (WORDING in folded, UTAH in folded) == (True, True)


def test_form_that_comes_back_shows_the_place_that_was_chosen(client: Client, seattle: Center) -> None:
    page = client.post("/consultation/", {"name": "", "center": "seattle"}).content.decode()

    assert page.index(WORDING) < page.index("<details") < page.index(UTAH)


def test_form_for_a_center_that_is_not_there_shows_what_holds_everywhere(client: Client, seattle: Center) -> None:
    factories.make_notice(title="For all", text="<p>Everywhere.</p>")

    page = client.get("/consultation/?center=nowhere").content.decode()

    assert page.index("Everywhere.") < page.index("<details") < page.index(WORDING)


def test_notices_are_kept_as_evidence_word_for_word(seattle: Center) -> None:
    request = factories.make_request(center=seattle)
    Notice.objects.all().delete()

    kept = [(text.title, text.text) for text in shown.of(request).shown if text.kind == ShownKind.NOTICE]

    assert kept == [("Washington", WORDING)]


def test_mail_and_calendar_do_not_tell_what_was_chosen(seattle: Center) -> None:
    chosen = booked(seattle, therapies=list(Therapy.objects.all()), message="My knee", agreed={ConsentPurpose.HEALTH})
    message = Message.objects.get(request=chosen, kind=MessageKind.VISITOR_RECEIVED)
    other = factories.make_request(center=seattle, email="bob@visitor.example")
    same = Message.objects.get(request=other, kind=MessageKind.VISITOR_RECEIVED)

    bodies = [messages.build(each).body.partition(place_notices.RULE)[2] for each in (message, same)]

    assert bodies[0] == bodies[1]
    assert WORDING in bodies[0]
    assert "knee" not in messages.build(message).body


def test_discreet_mail_begins_without_them(seattle: Center) -> None:
    request = factories.make_request(center=seattle)
    mail = messages.build(Message.objects.get(request=request, kind=MessageKind.VISITOR_RECEIVED))

    opening, _, rest = mail.body.partition(place_notices.RULE)
    assert [word for word in ("therap", "Washington") if word in opening + str(mail.subject)] == []
    assert WORDING in rest


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind not in place_notices.CARRYING])
def test_other_mails_carry_none(seattle: Center, kind: MessageKind) -> None:
    request = factories.make_request(center=seattle)
    message = Message(request=request, kind=kind, recipient=request.email, created_at=NOW, due_at=NOW)

    assert place_notices.of(message) == []


def test_wording_of_a_mail_switches_at_the_midnight_of_the_place(seattle: Center) -> None:
    midnight = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    factories.make_notice(title="New", regions="US-WA", starts_on=dt.date(2026, 11, 20))
    message = Message.objects.filter(request=booked(seattle), kind=MessageKind.VISITOR_BOOKED).get()

    carried = []
    for moment in (midnight - dt.timedelta(seconds=1), midnight):
        message.due_at = moment
        carried.append("New" in [notice.title for notice in place_notices.of(message)])

    assert carried == [False, True]


def test_wording_of_the_form_switches_at_the_midnight_of_the_place(client: Client, seattle: Center) -> None:
    midnight = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    factories.make_notice(regions="US-WA", starts_on=dt.date(2026, 11, 20), text="<p>From today.</p>")

    with time_machine.travel(midnight - dt.timedelta(seconds=1), tick=False) as clock:
        before = "From today." in words(client, "/consultation/?center=seattle")
        clock.move_to(midnight)
        at = "From today." in words(client, "/consultation/?center=seattle")

    assert (before, at) == (False, True)


def test_cancelled_entry_carries_none(seattle: Center) -> None:
    request = booked(seattle)
    appointments.cancel(request.appointments.get(), now=NOW)

    content = calendar.as_it_stands(request.appointments.get(), ClinicProfile.objects.get(), now=NOW)

    assert WORDING not in description(content)
