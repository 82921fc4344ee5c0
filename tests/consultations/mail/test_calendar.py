"""Calendar objects: one entry through book, move, move and cancel, as two parsers read it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage

import icalendar
import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse

from consultations.booking import appointments, visits
from consultations.links import private_link
from consultations.mail import calendar, messages
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.privacy import retention
from consultations.statuses import Channel, MessageKind
from content.models import ClinicProfile
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW, make_center

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
HOUR = dt.timedelta(hours=1)


def address(request: ConsultationRequest) -> str:
    return reverse("consultations:calendar", args=[private_link.token_for(request.link_id)])


def entry(content: bytes) -> tuple[icalendar.Calendar, icalendar.Component]:
    """Return calendar and event, after a second parser has agreed that it is one."""
    second = vobject.readOne(content.decode())
    second.validate(raiseException=True)
    parsed = icalendar.Calendar.from_ical(content)
    (event,) = parsed.walk("VEVENT")
    assert second.vevent.uid.value == event["UID"]
    assert second.vevent.dtstart.value == event.decoded("DTSTART")
    assert second.vevent.sequence.value == str(event["SEQUENCE"])
    return parsed, event


def mailed(request: ConsultationRequest) -> list[tuple[EmailMessage, bytes]]:
    """Return the calendar parts of the mails to the visitor, in the order they leave; their files are the same objects."""
    found = Message.objects.filter(request=request).order_by("due_at", "id")
    built = []
    for message in found:
        raw = messages.build(message).message(policy=email.policy.SMTP).as_bytes()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        files = [part.get_payload(decode=True) for part in mail.walk() if part.get_filename() == "appointment.ics"]
        contents = [part.get_payload(decode=True) for part in parts]
        assert contents == files
        built += list(zip(parts, contents, strict=True))
    return built  # type: ignore[return-value]  # the stubs know no decoded payload


def journey() -> ConsultationRequest:
    """Book, move twice, cancel; with the page's file compared to the mail's on the way."""
    center, visit = (
        make_center(city="Boston", postal_code="02110", address="1 Elm; Suite 2, Floor 3"),
        make_appointment_type(),
    )
    make_consultant(center)
    request = visitor(1, center=center)
    one = appointments.book(request, wanted_slot(visit, center), now=NOW)
    two = appointments.move(one, appointments.WantedSlot.like(one, MONDAY + HOUR), now=NOW + HOUR)
    three = appointments.move(two, appointments.WantedSlot.like(two, MONDAY + 2 * HOUR), now=NOW + 2 * HOUR)
    appointments.cancel(three, now=NOW + 3 * HOUR)
    return request


def test_book_move_twice_cancel_is_one_entry_with_rising_numbers() -> None:
    found = [(part, *entry(content)) for part, content in mailed(journey())]

    assert len({event["UID"] for _, _, event in found}) == 1
    assert [event["SEQUENCE"] for _, _, event in found] == [0, 1, 2, 3]
    assert [str(parsed["METHOD"]) for _, parsed, _ in found] == ["REQUEST"] * 3 + ["CANCEL"]
    assert [str(event["STATUS"]) for _, _, event in found] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert [part.get_param("method") for part, _, _ in found] == ["REQUEST"] * 3 + ["CANCEL"]
    starts = [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 2 * HOUR]
    assert [event.decoded("DTSTART") for _, _, event in found] == starts
    stamps = [event.decoded("DTSTAMP") for _, _, event in found]
    assert stamps == sorted(stamps)


def test_entry_is_in_utc_at_the_address_and_tells_nobody_what_it_is() -> None:
    request = journey()
    part, content = mailed(request)[0]

    _, event = entry(content)

    assert b"\r\nDTSTART:20261123T150000Z\r\n" in content
    assert b"\r\nDTEND:20261123T153000Z\r\n" in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert str(event["LOCATION"]) == "1 Elm; Suite 2, Floor 3, Boston 02110, United States"
    assert str(event["SUMMARY"]) == "Appointment: Fern"
    assert str(event["ORGANIZER"]) == "mailto:hello@fern.example"
    assert str(event["ATTENDEE"]) == "mailto:visitor1@visitor.example"
    said = content.decode().lower()
    token = private_link.token_for(request.link_id).lower()
    assert [word for word in ("consultation", "therap", "clinic.example", "/r/", token) if word in said] == []
    assert part.get_filename() is None


@pytest.mark.parametrize("name", ["Fern", "Fërn", "李 Clinic"])
def test_mail_is_an_invitation_beside_its_words_and_as_a_file(name: str) -> None:
    factories.make_clinic(short_name=name)
    center, visit = make_center(), make_appointment_type()
    make_consultant(center)
    request = visitor(1, center=center)
    appointments.book(request, wanted_slot(visit, center), now=NOW)

    raw = messages.build(Message.objects.get(kind=MessageKind.VISITOR_BOOKED)).message(policy=email.policy.SMTP)

    mail = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
    words, file = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "appointment.ics")
    invitation = list(words.iter_parts())[-1]
    assert (invitation.get_param("method"), invitation.get_content_charset()) == ("REQUEST", "utf-8")
    payload = invitation.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert entry(payload)[1]["ORGANIZER"].params["CN"] == name


def test_other_mails_bring_no_calendar_object() -> None:
    request = visitor(1)

    assert mailed(request) == []
    assert [message.kind for message in request.messages.all()] != []


def test_file_of_the_private_page_follows_the_appointment(client: Client) -> None:
    center, visit = make_center(), make_appointment_type()
    make_consultant(center)
    request = visitor(1, center=center)
    assert client.get(address(request)).status_code == 404
    appointments.hold(request, wanted_slot(visit, center), now=NOW)
    assert client.get(address(request)).status_code == 404

    one = appointments.book(request, wanted_slot(visit, center), now=NOW)
    first = client.get(address(request))
    two = appointments.move(one, appointments.WantedSlot.like(one, MONDAY + HOUR), now=NOW + HOUR)
    second = client.get(address(request))
    appointments.cancel(two, now=NOW + 2 * HOUR)
    third = client.get(address(request))

    answers = [first, second, third]
    methods = ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [str(entry(answer.content)[0]["METHOD"]) for answer in answers] == methods
    assert [answer.headers["Content-Type"] for answer in answers] == [
        f"text/calendar; charset=utf-8; method={method}" for method in methods
    ]
    assert ["ATTENDEE" in entry(answer.content)[1] for answer in answers] == [False] * 3
    assert {str(entry(answer.content)[1]["ORGANIZER"]) for answer in answers} == {"mailto:hello@fern.example"}
    assert first.headers["Cache-Control"] == "no-store"
    events = [entry(answer.content)[1] for answer in (first, second, third)]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert len({event["UID"] for event in events}) == 1
    assert all(b"visitor1@visitor.example" not in answer.content for answer in (first, second, third))


def test_page_mail_and_file_name_the_same_instant_on_both_sides_of_a_clock_change(client: Client) -> None:
    # New York's clock goes back on 1 November 2026, a Sunday.
    center, visit = make_center(), make_appointment_type()
    make_consultant(center)
    friday, monday = dt.datetime(2026, 10, 30, 13, tzinfo=dt.UTC), dt.datetime(2026, 11, 2, 14, tzinfo=dt.UTC)
    before = dt.datetime(2026, 10, 26, 12, tzinfo=dt.UTC)
    for number, (start, offset) in enumerate([(friday, "04:00"), (monday, "05:00")]):
        request = visitor(number, center=center, now=before)
        appointments.book(request, wanted_slot(visit, center, starts_at=start), now=before)
        with time_machine.travel(before, tick=False):
            page = client.get(request.get_private_url()).content.decode()

        assert f"{start:%a} {start.day} {start:%b} 2026, 09:00 (New York, UTC−{offset})" in page
        ((_, content),) = mailed(request)
        assert entry(content)[1].decoded("DTSTART") == start


def test_pending_is_tentative_and_its_confirmation_a_change_of_it(client: Client) -> None:
    visit, staff = make_appointment_type(channel=Channel.PHONE, needs_confirmation=True), factories.make_staff()
    make_consultant()
    request = visitor(1)

    booked = appointments.book(request, wanted_slot(visit), now=NOW)
    appointments.confirm(booked, by=staff, now=NOW + HOUR)

    events = [entry(content)[1] for _, content in mailed(request)]
    assert [(str(event["STATUS"]), event["SEQUENCE"]) for event in events] == [("TENTATIVE", 0), ("CONFIRMED", 1)]
    assert str(events[0]["LOCATION"]) == "By phone"
    assert entry(client.get(address(request)).content)[1]["SEQUENCE"] == 1


def test_declined_takes_the_entry_out_again() -> None:
    visit = make_appointment_type(channel=Channel.PHONE, needs_confirmation=True)
    make_consultant()
    request = visitor(1)
    booked = appointments.book(request, wanted_slot(visit), now=NOW)

    appointments.decline(booked, by=factories.make_staff(), now=NOW + HOUR, reason="Ana is ill")

    parsed, event = entry(mailed(request)[-1][1])
    assert (str(parsed["METHOD"]), event["SEQUENCE"]) == ("CANCEL", 1)
    assert "ill" not in str(event["DESCRIPTION"])


def test_pending_file_is_published_as_tentative(client: Client) -> None:
    visit = make_appointment_type(channel=Channel.VIDEO, needs_confirmation=True)
    make_consultant()
    request = visitor(1)
    appointments.book(request, wanted_slot(visit), now=NOW)

    parsed, event = entry(client.get(address(request)).content)

    assert (str(parsed["METHOD"]), str(event["STATUS"]), "ATTENDEE" in event) == ("PUBLISH", "TENTATIVE", False)


def test_entry_without_an_organizer_has_no_method() -> None:
    visit = make_appointment_type(channel=Channel.PHONE)
    make_consultant()
    booked = appointments.book(visitor(1), wanted_slot(visit), now=NOW)

    parsed, event = entry(calendar.as_it_stands(booked, ClinicProfile(name="Fern", short_name="Fern"), now=NOW))

    assert "METHOD" not in parsed
    assert {"ORGANIZER", "ATTENDEE"} & set(event) == set()


def test_a_second_appointment_is_another_entry() -> None:
    center, visit = make_center(), make_appointment_type()
    make_consultant(center)
    request = visitor(1, center=center)
    appointments.cancel(appointments.book(request, wanted_slot(visit, center), now=NOW), now=NOW)

    appointments.book(request, wanted_slot(visit, center), now=NOW + HOUR)

    assert len({entry(content)[1]["UID"] for _, content in mailed(request)}) == 2
    latest = visits.latest(request)
    assert latest is not None
    assert latest.status == "confirmed"


def test_erasing_forgets_the_entry(client: Client) -> None:
    request = journey()
    uid, path = Appointment.objects.latest("pk").uid, address(request)

    retention.erase(request, by=None, now=NOW + 4 * HOUR)

    assert not Appointment.objects.filter(uid=uid).exists()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["Fern\r\nATTENDEE:mailto:a@b.ex", "Fërn; 李, \\n"])
def test_the_clinics_words_cannot_write_lines(clinic: ClinicProfile, name: str) -> None:
    clinic = factories.make_clinic(short_name=name)
    center, visit = make_center(address="1 Elm\r\nMETHOD:CANCEL"), make_appointment_type()
    make_consultant(center)
    booked = appointments.book(visitor(1, center=center), wanted_slot(visit, center), now=NOW)

    parsed, event = entry(calendar.as_it_stands(booked, clinic, now=NOW))

    assert str(parsed["METHOD"]) == "PUBLISH"
    assert "ATTENDEE" not in event
    assert list(Message.objects.filter(kind=MessageKind.VISITOR_BOOKED)) != []


def test_file_without_an_appointment_is_a_404_that_says_so(client: Client, clinic: ClinicProfile) -> None:
    response = client.get(reverse("consultations:calendar", args=[private_link.token_for(visitor(1).link_id)]))

    page = response.content.decode()
    assert response.status_code == 404
    assert "<h1>There is no appointment now</h1>" in page
    assert "erased" not in page
