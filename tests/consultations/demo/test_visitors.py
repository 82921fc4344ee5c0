"""The demo run: invented people whose requests went as at a working clinic, and no mail to any of them."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.demo import booking, visitors
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.requests import inbox
from consultations.statuses import AppointmentStatus, Status
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]

# A Tuesday, 13:30 at the clinic.
AFTERNOON = NOW + dt.timedelta(days=1, hours=6, minutes=30)


def load(now: dt.datetime = NOW) -> int:
    """Load the demo with one center and return how many consultants are new."""
    visitors.load([factories.make_staff("Triage", first_name="Jordan")], now=now)
    return booking.load(now)


def test_most_are_answered_two_overdue_some_come_today_and_nobody_is_written_to() -> None:
    factories.make_center()
    load(AFTERNOON)

    at = inbox.moment(factories.make_staff("Triage"), AFTERNOON)
    today = Appointment.objects.active().filter(
        starts_at__gte=at.today_ends - dt.timedelta(days=1), starts_at__lt=at.today_ends
    )
    counts = {key: inbox.rows(key, at).count() for key in ("live", "answer", "overdue", "soon", "spam")}
    assert counts == {"live": 22, "answer": 7, "overdue": 2, "soon": 2, "spam": 2}
    assert today.count() == 5
    booked = ConsultationRequest.objects.filter(status=Status.BOOKED)
    to_come = Appointment.objects.upcoming(AFTERNOON)
    assert {one.request for one in to_come.filter(status=AppointmentStatus.CONFIRMED)} == {*booked} != set()
    assert to_come.filter(status=AppointmentStatus.PENDING).exists()
    assert Message.objects.count() == 0


def test_second_load_writes_nothing() -> None:
    factories.make_center()
    load()
    before = Appointment.objects.count()

    assert (load(NOW + dt.timedelta(days=1)), Appointment.objects.count()) == (0, before)


def test_load_writes_nothing_again_once_somebody_has_renamed_a_center() -> None:
    first, _, _ = (factories.make_center(slug=slug) for slug in ("a", "b", "c"))
    load()
    before = set(ConsultationRequest.objects.values_list("key", "center"))
    first.slug = "z"
    first.save()

    load(NOW + dt.timedelta(days=1))

    assert set(ConsultationRequest.objects.values_list("key", "center")) == before
