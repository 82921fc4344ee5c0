"""What several tests of booking and of the waiting list begin with."""

from __future__ import annotations

import pytest

from consultations.models import AppointmentType
from content.models import Center
from tests.booking_factories import make_once_a_day


@pytest.fixture
def place(db: None) -> tuple[Center, AppointmentType]:
    """A center with one consultant who has one free time a day, at ten on weekdays in New York."""
    return make_once_a_day()
