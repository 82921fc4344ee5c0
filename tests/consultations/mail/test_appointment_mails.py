"""What mails about appointments say, and to whom."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage

import pytest
from django.conf import settings

from consultations.booking import appointments
from consultations.booking.refusals import SlotTaken
from consultations.mail import messages
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.statuses import Channel, MessageKind, MessageState
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.factories import NOW, make_center
from tests.refusals import refused_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
HOUR = dt.timedelta(hours=1)
TO_VISITOR = [
    MessageKind.VISITOR_BOOKED,
    MessageKind.VISITOR_PENDING,
    MessageKind.VISITOR_MOVED,
    MessageKind.VISITOR_CANCELLED,
    MessageKind.VISITOR_DECLINED,
    MessageKind.VISITOR_EXISTING,
    MessageKind.REMINDER_DAY,
    MessageKind.REMINDER_HOURS,
]
PARIS, ATHENS = "Mon 23 Nov 2026, 10:00 (Paris, UTC+01:00)", "Mon 23 Nov 2026, 11:00 (Athens, UTC+02:00)"


def text_of(mail: EmailMessage, subtype: str = "plain") -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def mail_of(message: Message) -> EmailMessage:
    raw = messages.build(message).message(policy=email.policy.SMTP).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


def mail_about(appointment: Appointment, kind: MessageKind) -> EmailMessage:
    """Return a mail of that kind, whether or not a verb has queued one."""
    values = {
        "appointment": appointment,
        "sequence": appointment.sequence,
        "kind": kind,
        "recipient": "x@visitor.example",
    }
    return mail_of(Message(pk=1, request=appointment.request, created_at=NOW, due_at=NOW, **values))


def in_paris() -> Appointment:
    center = make_center(
        name="Fern Clinic Paris",
        address="1 rue des Lilas",
        city="Paris",
        time_zone="Europe/Paris",
        phone="+33142685300",
    )
    consultant = make_consultant(center, public_name="Ana")
    return make_appointment(
        request=factories.make_request(name="Ada", message="My knee", center=center),
        center=center,
        channel=Channel.IN_PERSON,
        starts_at=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
        consultant=consultant,
        visitor_zone="Europe/Athens",
    )


def kinds(request: ConsultationRequest) -> list[str]:
    """Return the kinds of the mails about appointments, without reminders, in the order they were queued."""
    found = request.messages.exclude(appointment=None).exclude(kind__startswith="reminder").order_by("pk")
    return list(found.values_list("kind", flat=True))


@pytest.mark.parametrize("kind", TO_VISITOR)
def test_the_clock_of_the_place_leads_in_subject_and_body(kind: MessageKind) -> None:
    mail = mail_about(in_paris(), kind)

    assert PARIS in mail["Subject"]
    assert "Athens" not in mail["Subject"]
    for subtype in ("plain", "html"):
        text = text_of(mail, subtype)
        assert text.index(PARIS) < text.index(ATHENS)
        assert "1 rue des Lilas" in text
        assert "+33 1 42 68 53 00" in text


@pytest.mark.parametrize("kind", TO_VISITOR)
def test_a_discreet_mail_tells_onlookers_nothing(kind: MessageKind) -> None:
    appointment = in_paris()
    mail = mail_about(appointment, kind)

    words = "\n".join([*map(str, mail.values()), text_of(mail), text_of(mail, "html")]).lower()
    words = words.replace(appointment.request.get_private_url().lower(), "")
    assert [word for word in ("consultation", "therap", "clinic", "treat", "knee") if word in words] == []
    assert settings.SITE_URL + appointment.request.get_private_url() in text_of(mail)


def test_a_clinic_that_speaks_plainly_names_the_center() -> None:
    appointment = in_paris()
    factories.make_clinic(discreet_mail=False)

    assert "Fern Clinic Paris, 1 rue des Lilas" in text_of(mail_about(appointment, MessageKind.VISITOR_BOOKED))


def test_by_phone_the_visitors_clock_leads_and_stands_alone() -> None:
    appointment = make_appointment(request=visitor(1, phone="+1 202-555-0143"), visitor_zone="Asia/Tokyo")

    text = text_of(mail_about(appointment, MessageKind.VISITOR_BOOKED))

    assert "Tue 24 Nov 2026, 00:00 (Tokyo, UTC+09:00)" in text
    assert "On your own clock" not in text
    assert "We call you." in text


@pytest.mark.parametrize(("ahead", "said"), [(3 * HOUR, "cancel it yourself until"), (HOUR, "please call us")])
def test_what_cannot_be_changed_any_more_is_not_offered(ahead: dt.timedelta, said: str) -> None:
    appointment = make_appointment(starts_at=NOW + ahead, appointment_type=make_appointment_type(cutoff_minutes=120))

    text = text_of(mail_about(appointment, MessageKind.VISITOR_BOOKED))

    assert said in text
    assert ("yourself" in text) == (ahead > 2 * HOUR)


def test_a_mail_loads_nothing_when_it_is_opened() -> None:
    appointment = in_paris()
    for kind in TO_VISITOR:
        html = text_of(mail_about(appointment, kind), "html")
        assert [
            word for word in ("<img", "<link", "url(", "src=", "@import", "<script", "{{", "{%") if word in html
        ] == []


def test_what_a_visitor_does_is_told_to_them_and_to_staff() -> None:
    make_consultant()
    visit, request = make_appointment_type(channel=Channel.PHONE), visitor(1)

    one = appointments.book(request, wanted_slot(visit), now=NOW)
    two = appointments.move(one, appointments.WantedSlot.like(one, MONDAY + HOUR), now=NOW)
    appointments.cancel(two, now=NOW)

    staff = MessageKind.STAFF_APPOINTMENT
    expected = [
        MessageKind.VISITOR_BOOKED,
        staff,
        MessageKind.VISITOR_MOVED,
        staff,
        MessageKind.VISITOR_CANCELLED,
        staff,
    ]
    assert kinds(request) == expected
    moved = request.messages.get(kind=MessageKind.VISITOR_MOVED)
    assert "is moved from Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)" in text_of(mail_of(moved)).replace("\n", " ")


@pytest.mark.parametrize(("phone", "asked"), [("", True), ("+1 202-555-0143", False)])
def test_a_call_that_is_booked_without_a_number_asks_for_one(*, phone: str, asked: bool) -> None:
    make_consultant()
    request = visitor(1, phone=phone)
    booked = appointments.book(request, wanted_slot(make_appointment_type(channel=Channel.PHONE)), now=NOW)
    told = " ".join(text_of(mail_of(request.messages.get(kind=MessageKind.VISITOR_BOOKED))).split())
    appointments.cancel(booked, now=NOW)
    gone = " ".join(text_of(mail_of(request.messages.get(kind=MessageKind.VISITOR_CANCELLED))).split())

    assert ("have no number of yours yet" in told) is asked
    assert "have no number of yours yet" not in gone


def test_what_staff_do_is_told_to_the_visitor_alone() -> None:
    staff, request = factories.make_staff(), visitor(1)
    make_consultant()
    visit = make_appointment_type(channel=Channel.PHONE)

    one = appointments.book(request, wanted_slot(visit), by=staff, now=NOW)
    two = appointments.move(one, appointments.WantedSlot.like(one, MONDAY + HOUR), by=staff, now=NOW)
    appointments.cancel(two, by=staff, now=NOW, reason="Ana is ill")

    assert kinds(request) == [MessageKind.VISITOR_BOOKED, MessageKind.VISITOR_MOVED, MessageKind.VISITOR_CANCELLED]
    assert "ill" not in text_of(mail_of(request.messages.get(kind=MessageKind.VISITOR_CANCELLED)))


def test_pending_confirmed_declined() -> None:
    staff = factories.make_staff()
    make_consultant()
    visit = make_appointment_type(channel=Channel.PHONE, needs_confirmation=True)
    first, second = visitor(1), visitor(2)

    appointments.confirm(appointments.book(first, wanted_slot(visit), now=NOW), by=staff, now=NOW)
    later = wanted_slot(visit, starts_at=MONDAY + HOUR)
    appointments.decline(appointments.book(second, later, now=NOW), by=staff, now=NOW, reason="Ana is ill")

    assert kinds(first) == [MessageKind.VISITOR_PENDING, MessageKind.STAFF_APPOINTMENT, MessageKind.VISITOR_BOOKED]
    assert kinds(second) == [MessageKind.VISITOR_PENDING, MessageKind.STAFF_APPOINTMENT, MessageKind.VISITOR_DECLINED]
    assert "ill" not in text_of(mail_of(second.messages.get(kind=MessageKind.VISITOR_DECLINED)))


def test_the_mail_to_staff_is_a_reference_and_a_link() -> None:
    appointment = in_paris()
    mail = mail_about(appointment, MessageKind.STAFF_APPOINTMENT)

    words = "\n".join([*map(str, mail.values()), text_of(mail), text_of(mail, "html")])
    assert mail["Subject"] == f"Appointment of {appointment.request.reference}"
    assert f"/admin/consultations/consultationrequest/{appointment.request.pk}/change/" in words
    assert [word for word in ("Ada", "Paris", "10:00 (", appointment.request.get_private_url()) if word in words] == []
    assert list(mail.iter_attachments()) == []


def test_a_failed_booking_queues_nothing() -> None:
    make_consultant()
    visit = make_appointment_type(channel=Channel.PHONE)
    appointments.book(visitor(1), wanted_slot(visit), now=NOW)
    second = visitor(2)

    with pytest.raises(SlotTaken):
        appointments.book(second, wanted_slot(visit), now=NOW)

    assert kinds(second) == []


def test_database_keeps_one_mail_of_a_kind_per_change() -> None:
    appointment = make_appointment()
    values = {"request": appointment.request, "appointment": appointment, "kind": MessageKind.REMINDER_DAY}
    values |= {"recipient": "x@visitor.example", "created_at": NOW, "due_at": NOW}
    first = Message.objects.create(sequence=0, **values)
    Message.objects.create(sequence=1, **values)

    with refused_by("consultations_message_once_per_change"):
        Message.objects.create(sequence=0, **values)
    with refused_by("consultations_message_change_numbered"):
        Message.objects.create(sequence=None, **values)
    with refused_by("consultations_message_kind_known"):
        Message.objects.create(sequence=2, **values | {"kind": "poem"})
    Message.objects.filter(pk=first.pk).update(state=MessageState.DROPPED)
    Message.objects.create(sequence=0, **values)


def test_a_mail_that_was_given_up_is_sent_again_although_another_change_was_told() -> None:
    make_consultant()
    visit, request = make_appointment_type(channel=Channel.PHONE), visitor(1)
    booked = appointments.book(request, wanted_slot(visit), now=NOW)
    moved = appointments.move(booked, appointments.WantedSlot.like(booked, MONDAY + HOUR), now=NOW)
    appointments.move(moved, appointments.WantedSlot.like(moved, MONDAY + 2 * HOUR), now=NOW)
    message = Message.objects.filter(kind=MessageKind.VISITOR_MOVED).earliest("pk")
    Message.objects.filter(pk=message.pk).update(state=MessageState.DEAD, attempts=11)

    messages.resend(message, by=factories.make_staff(), now=NOW)

    assert message.state == MessageState.QUEUED
