"""One center with one consultant, one appointment type and one visitor, for the tests of the pages on which times are chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from consultations.models import AppointmentType, ConsultationRequest
from content.models import Center
from tests.booking_factories import make_appointment_type, make_consultant, visitor
from tests.factories import NOW, make_center


@pytest.fixture
def at_now() -> Iterator[None]:
    """Let it be NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def center() -> Center:
    center = make_center(name="Fern Boston", phone="+12025550177")
    make_consultant(center, public_name="Ana")
    return center


@pytest.fixture
def visit(center: Center) -> AppointmentType:
    return make_appointment_type(slug="first-talk", name="First talk")


@pytest.fixture
def request_(center: Center) -> ConsultationRequest:
    return visitor(1, center=center)
