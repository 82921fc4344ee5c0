"""Reminders: armed with the booking, armed anew by a move, dropped by a cancellation, sent once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from consultations.booking import appointments, unconfirmed
from consultations.mail import appointment_mails, delivery, reminders
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.privacy import retention, selfservice
from consultations.statuses import AppointmentStatus, Channel, MessageKind, MessageState
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
DAY, HOURS = MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOURS
HOUR = dt.timedelta(hours=1)


def booked(**kwargs: object) -> Appointment:
    """Book Monday by phone; keywords are those of the kind of visit."""
    visit = make_appointment_type(**{"channel": Channel.PHONE, "notice_minutes": 0, "cutoff_minutes": 0} | kwargs)
    make_consultant()
    return appointments.book(visitor(1), wanted_slot(visit), now=NOW)


def armed(request: ConsultationRequest) -> list[tuple[str, dt.datetime]]:
    """Return the reminders that wait, the earliest first."""
    waiting = request.messages.filter(kind__in=reminders.BEFORE, state=MessageState.QUEUED).order_by("due_at")
    return list(waiting.values_list("kind", "due_at"))


def deliver_all(now: dt.datetime) -> list[str]:
    """Let a worker deliver what is due and return the subjects of reminders that left."""
    mail.outbox.clear()
    while delivery.deliver_due(now=now):
        pass
    return [str(one.subject) for one in mail.outbox if "Reminder" in one.subject or "Soon" in one.subject]


def test_booking_arms_one_a_day_and_one_two_hours_before() -> None:
    appointment = booked()

    assert armed(appointment.request) == [(DAY, MONDAY - 24 * HOUR), (HOURS, MONDAY - 2 * HOUR)]


def test_what_would_be_late_already_is_not_armed() -> None:
    make_consultant()
    visit = make_appointment_type(channel=Channel.PHONE, notice_minutes=0)

    appointment = appointments.book(visitor(1), wanted_slot(visit), now=MONDAY - 3 * HOUR)

    assert armed(appointment.request) == [(HOURS, MONDAY - 2 * HOUR)]


def test_pending_is_not_reminded_of_until_it_is_confirmed() -> None:
    appointment = booked(needs_confirmation=True)
    assert armed(appointment.request) == []

    appointments.confirm(appointment, by=factories.make_staff(), now=NOW)

    assert [kind for kind, _ in armed(appointment.request)] == [DAY, HOURS]


def test_move_arms_anew_and_cancel_drops() -> None:
    appointment = booked()
    moved = appointments.move(appointment, appointments.WantedSlot.like(appointment, MONDAY + HOUR), now=NOW)
    assert armed(moved.request) == [(DAY, MONDAY - 23 * HOUR), (HOURS, MONDAY - HOUR)]

    appointments.cancel(moved, now=NOW)

    assert armed(moved.request) == []
    assert moved.request.messages.filter(state=MessageState.DROPPED).count() == 4
    assert deliver_all(MONDAY) == []


def test_each_leaves_once_however_often_and_by_whomever_the_queue_is_worked() -> None:
    booked()
    deliver_all(NOW)

    assert len(deliver_all(MONDAY - 24 * HOUR)) == 1
    assert deliver_all(MONDAY - 24 * HOUR) == []
    assert len(deliver_all(MONDAY - 2 * HOUR)) == 1
    assert deliver_all(MONDAY - 2 * HOUR) == []


def test_of_two_workers_one_takes_it() -> None:
    appointment = booked()
    pk = appointment.messages.get(kind=DAY).pk

    taken = [delivery.take(pk, now=MONDAY - 24 * HOUR) for _ in range(2)]

    assert [one is not None for one in taken] == [True, False]


def test_a_worker_that_took_it_the_moment_before_a_cancellation_drops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    appointment = booked()
    deliver_all(NOW)
    take = delivery.take

    def take_late(pk: int, *, now: dt.datetime) -> Message | None:
        Message.objects.filter(pk=pk).update(state=MessageState.QUEUED)
        # By SQL: the verb would have dropped the mail, which is what this worker has been quicker than.
        Appointment.objects.filter(pk=appointment.pk).update(status=AppointmentStatus.CANCELLED)
        return take(pk, now=now)

    monkeypatch.setattr(delivery, "take", take_late)

    assert deliver_all(MONDAY - 24 * HOUR) == []
    assert appointment.messages.get(kind=DAY).state == MessageState.DROPPED


def test_cancelling_while_a_worker_has_it_leaves_it_to_that_worker() -> None:
    appointment = booked()
    message = delivery.take(appointment.messages.get(kind=DAY).pk, now=MONDAY - 24 * HOUR)
    assert message is not None

    appointments.cancel(appointment, now=MONDAY - 24 * HOUR)

    message.refresh_from_db()
    assert message.state == MessageState.SENDING
    # Its lease ends without word; the next worker looks again and drops it.
    assert deliver_all(MONDAY - 20 * HOUR) == []
    message.refresh_from_db()
    assert message.state == MessageState.DROPPED


@pytest.mark.parametrize(("asleep_until", "left"), [(3 * HOUR, 1), (HOUR, 1), (-HOUR, 0)])
def test_after_an_outage_nothing_stale_leaves(asleep_until: dt.timedelta, left: int) -> None:
    booked()
    deliver_all(NOW)

    assert len(deliver_all(MONDAY - asleep_until)) == left


def accept(request: ConsultationRequest) -> None:
    request.refresh_from_db()
    unconfirmed.confirm_email(request, version=request.contact_version, now=NOW)


def test_a_corrected_address_gets_the_reminders() -> None:
    appointment = booked()
    selfservice.correct_contact(appointment.request, selfservice.Correction(email="new@visitor.example"), now=NOW)
    assert set(appointment.messages.filter(kind__in=reminders.BEFORE).values_list("recipient", flat=True)) == {
        "visitor1@visitor.example"
    }
    accept(appointment.request)

    waiting = appointment.messages.filter(kind__in=reminders.BEFORE, state=MessageState.QUEUED)
    assert set(waiting.values_list("recipient", flat=True)) == {"new@visitor.example"}
    selfservice.correct_contact(appointment.request, selfservice.Correction(email="visitor1@visitor.example"), now=NOW)
    accept(appointment.request)
    assert set(waiting.all().values_list("recipient", flat=True)) == {"visitor1@visitor.example"}


def test_who_left_no_address_is_reminded_of_nothing() -> None:
    make_consultant()
    request = factories.make_request(email="", phone="+1 202 555 0143")

    appointments.book(request, wanted_slot(make_appointment_type(channel=Channel.PHONE)), now=NOW)

    assert set(request.messages.values_list("kind", flat=True)) == {
        MessageKind.STAFF_NEW,
        MessageKind.STAFF_APPOINTMENT,
    }


def test_erasing_stops_them() -> None:
    appointment = booked()

    retention.erase(appointment.request, by=None, now=NOW)

    assert deliver_all(MONDAY - 2 * HOUR) == []


def test_an_appointment_mail_that_was_overtaken_while_it_failed_does_not_follow_the_newer_one() -> None:
    appointment = booked()
    Message.objects.filter(kind=MessageKind.VISITOR_BOOKED).update(attempts=1, due_at=NOW + HOUR, last_error="OSError")
    appointments.move(appointment, appointments.WantedSlot.like(appointment, MONDAY + HOUR), now=NOW)

    delivery.deliver_due(now=NOW)
    delivery.deliver_due(now=NOW + HOUR)

    states = dict(Message.objects.exclude(kind__in=reminders.BEFORE).values_list("kind", "state"))
    assert states[MessageKind.VISITOR_MOVED] == MessageState.SENT
    assert states[MessageKind.VISITOR_BOOKED] == MessageState.DROPPED


def test_every_other_mail_is_always_wanted() -> None:
    request = visitor(1)

    assert all(appointment_mails.is_wanted(one, NOW + 9999 * HOUR) for one in request.messages.all())
