"""Each reminder leaves once, however many workers look for mails at the same moment.

Real threads on real connections, as several `manage.py worker` have them. The first test is the negative control: workers
that only look whether a mail is due send it once each, so the harness can see what must not happen.
"""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.core.mail import mailers
from django.db import connection

from consultations.booking import appointments as booking
from consultations.mail import delivery, messages
from consultations.models import Activity, Appointment, Message
from consultations.statuses import ActivityKind, Channel, MessageKind, MessageState
from content.models import ClinicProfile
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.concurrency.racing import race
from tests.factories import NOW, make_clinic

WORKERS, PEOPLE = 4, 5
A_DAY_BEFORE = MONDAY - dt.timedelta(hours=24)
TWO_HOURS_BEFORE = MONDAY - dt.timedelta(hours=2)


@pytest.fixture
def clinic(transactional_db: None) -> ClinicProfile:
    """The clinic's profile, visible to every connection."""
    return make_clinic()


@pytest.fixture
def appointments(clinic: ClinicProfile) -> list[Appointment]:
    """Calls on Monday at ten, whose other mails have left."""
    visit = make_appointment_type(channel=Channel.PHONE)
    for _ in range(PEOPLE):
        make_consultant()
    booked = [booking.book(visitor(number), wanted_slot(visit), now=NOW) for number in range(PEOPLE)]
    while delivery.deliver_due(now=NOW):
        pass
    mail.outbox.clear()
    return booked


def reminded() -> list[str]:
    """Return to whom mails have left since the appointments were made, sorted."""
    return sorted(to for one in mail.outbox for to in one.to)


def everybody(times: int = 1) -> list[str]:
    """Return all visitors' addresses, so many times each."""
    return sorted(f"visitor{number}@visitor.example" for number in range(PEOPLE) for _ in range(times))


def test_control_workers_that_only_look_send_once_each(appointments: list[Appointment]) -> None:
    looked = threading.Barrier(WORKERS)

    def look_then_send(_: int) -> None:
        due = list(Message.objects.due(A_DAY_BEFORE).select_related("request", "appointment"))
        # Workers that wait with a connection in hand would empty the pool.
        connection.close()
        looked.wait(timeout=20)
        for message in due:
            mailers.default.send_messages([messages.build(message)])
            Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=A_DAY_BEFORE)

    outcome = race(WORKERS, look_then_send)

    assert outcome.raised == []
    assert reminded() == everybody(times=WORKERS)


@pytest.mark.parametrize(
    ("kind", "at"),
    [(MessageKind.REMINDER_DAY, A_DAY_BEFORE), (MessageKind.REMINDER_HOURS, TWO_HOURS_BEFORE)],
)
def test_workers_at_once_send_each_reminder_once(
    appointments: list[Appointment], kind: MessageKind, at: dt.datetime
) -> None:
    Message.objects.exclude(kind=kind).filter(state=MessageState.QUEUED).update(state=MessageState.DROPPED)

    outcome = race(WORKERS, lambda _: delivery.deliver_due(now=at))

    assert (outcome.raised, sum(outcome.returned)) == ([], PEOPLE)
    assert reminded() == everybody()
    sent = Activity.objects.filter(kind=ActivityKind.MESSAGE, at__gte=at, at__lt=at + dt.timedelta(minutes=5))
    assert sent.count() == PEOPLE


def test_cancelling_while_workers_send_reminds_of_it_once_or_never(appointments: list[Appointment]) -> None:
    gone, stay = appointments[0], [one.request.email for one in appointments[1:]]

    def work(number: int) -> None:
        if number:
            delivery.deliver_due(now=A_DAY_BEFORE)
        else:
            booking.cancel(gone, now=A_DAY_BEFORE)

    outcome = race(WORKERS + 1, work)

    assert outcome.raised == []
    day = Message.objects.filter(kind=MessageKind.REMINDER_DAY)
    assert sorted(
        day.filter(state=MessageState.SENT).exclude(request=gone.request).values_list("recipient", flat=True)
    ) == sorted(stay)
    assert day.get(request=gone.request).state in {MessageState.SENT, MessageState.DROPPED}
    # What left is what was recorded: nothing twice, and nothing that was dropped.
    sent = Message.objects.filter(state=MessageState.SENT, sent_at__gte=A_DAY_BEFORE)
    assert reminded() == sorted(sent.values_list("recipient", flat=True))
