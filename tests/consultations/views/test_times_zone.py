"""What is said of a time zone that the list of times cannot use."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from tests.booking_factories import make_appointment_type, make_consultant, visitor
from tests.factories import NOW, make_center
from tests.times_page import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"zone": "Etc/GMT+6"}, True),
        ({"zone": "Mars/Base"}, True),
        ({"zone": "Asia/Tokyo"}, False),
        ({"zone": ""}, False),
        ({}, False),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_zone_that_is_not_on_offer_is_said_with_the_clock_that_is_shown(
    client: Client, *, query: dict[str, str], refused: bool
) -> None:
    center = make_center(time_zone="America/New_York")
    make_consultant(center)
    make_appointment_type()

    page = client.get(address(visitor(1, center=center)), query).content.decode()

    assert re.findall(r'id="zone-unknown"( hidden)?>', page) == ["" if refused else " hidden"]
    assert "cannot be used here, so times are on the clock in New York." in page
