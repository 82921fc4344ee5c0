"""Mails beyond a mailbox's day, and notices beyond an hour."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from pytest_django import Settings

from consultations.mail import delivery, messages
from consultations.models import Message
from consultations.statuses import MessageKind, MessageState
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
DAY = dt.timedelta(days=1)


def send(now: dt.datetime) -> list[str]:
    before = len(mail.outbox)
    delivery.deliver_due(now=now)
    return [one.to[0] for one in mail.outbox[before:]]


def test_mails_beyond_a_mailboxs_day_wait_for_the_next_however_the_address_is_written(settings: Settings) -> None:
    settings.LIMITS = {"mails.mailbox": 2}
    for address in ("ada@visitor.example", "Ada+1@visitor.example", "ada+2@visitor.example"):
        make_request(email=address)
    Message.objects.filter(kind=MessageKind.STAFF_NEW).delete()

    first, again, next_day = send(NOW), send(NOW + dt.timedelta(hours=1)), send(NOW + DAY)

    assert first == ["ada@visitor.example", "Ada+1@visitor.example"]
    assert again == []
    assert next_day == ["ada+2@visitor.example"]
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}


def test_mails_with_a_button_have_an_hour_and_a_day_of_their_own(settings: Settings) -> None:
    settings.LIMITS = {"address-mails.mailbox": 2, "address-mails-a-day.mailbox": 3, "mails.mailbox": 1}
    for number in range(5):
        address = f"ada+{number}@visitor.example"
        Message.objects.create(
            request=make_request(email=address),
            kind=MessageKind.VISITOR_LINK,
            recipient=address,
            created_at=NOW,
            due_at=NOW,
        )
    Message.objects.exclude(kind=MessageKind.VISITOR_LINK).delete()

    sent = [len(send(NOW + dt.timedelta(hours=hours))) for hours in (0, 0, 1, 2, 14)]

    assert sent == [2, 0, 1, 0, 2]


def test_of_notices_beyond_an_hour_only_the_newest_is_sent(settings: Settings) -> None:
    settings.LIMITS = {"staff-notices.request": 1}
    appointment = make_appointment()
    Message.objects.all().delete()
    for sequence in range(4):
        appointment.sequence = sequence
        appointment.save()
        messages.queue_about(appointment, {MessageKind.STAFF_APPOINTMENT: "desk@clinic.example"}, now=NOW)

    first, next_hour = send(NOW), send(NOW + dt.timedelta(hours=1))

    assert (first, next_hour) == (["desk@clinic.example"], ["desk@clinic.example"])
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MessageState.SENT, MessageState.DROPPED, MessageState.DROPPED, MessageState.SENT]
