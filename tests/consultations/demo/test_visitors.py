"""The demo run: invented people with real appointments, and no mail to any of them."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.demo import booking, visitors
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.statuses import AppointmentStatus, Status
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


def load(now: dt.datetime = NOW) -> int:
    """Load the demo with one center and return how many consultants are new."""
    visitors.load([factories.make_staff("Triage", first_name="Jordan")], now=now)
    return booking.load(now)


def test_booked_requests_have_an_appointment_to_come_and_nobody_is_written_to() -> None:
    factories.make_staff("Triage")
    factories.make_center()

    load()

    booked = ConsultationRequest.objects.filter(status=Status.BOOKED)
    to_come = Appointment.objects.upcoming(NOW)
    assert {one.request for one in to_come.filter(status=AppointmentStatus.CONFIRMED)} == {*booked} != set()
    assert to_come.filter(status=AppointmentStatus.PENDING).exists()
    assert Message.objects.count() == 0


def test_second_load_writes_nothing() -> None:
    factories.make_center()
    load()
    before = Appointment.objects.count()

    assert (load(NOW + dt.timedelta(days=1)), Appointment.objects.count()) == (0, before)
