"""How much of what consultants offer was booked, in minutes, by center and by week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consultations.models import Closure
from consultations.reports import capacity
from consultations.reports.asked import Asked
from consultations.reports.numbers import Places
from consultations.reports.settled import Settled
from consultations.sheets import Row
from consultations.statuses import AppointmentStatus, Channel, PlaceScope
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type, make_consultant, visitor
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
# Two weeks from Monday to Sunday.
ASKED = Asked(dt.date(2026, 11, 16), dt.date(2026, 11, 29))


def rows(*places: Center | PlaceScope, asked: Asked = ASKED) -> tuple[list[Row], list[Row]]:
    """Return the rows by center and by week as somebody of these places reads them."""
    staff = factories.make_staff(places=places)
    by_center, by_week = capacity.tables(Settled(staff, NOW), asked, Places(staff).own)
    return by_center.rows, by_week.rows


@pytest.fixture
def miami() -> Center:
    """A center with one consultant of forty hours a week; of the second week a day of leave and a closed one are missing."""
    center = factories.make_center(name="Miami")
    make_appointment_type()
    consultant = make_consultant(center)
    consultant.leaves.create(starts_at=MONDAY - DAY, ends_at=MONDAY + DAY / 2)
    friday = MONDAY.date() + 4 * DAY
    Closure.objects.create(center=center, name="Founders' day", first_day=friday, last_day=friday)
    at: dict[str, Any] = {"center": center, "channel": Channel.IN_PERSON, "consultant": consultant}
    for number, status in enumerate(("attended", "no_show", "confirmed", "pending")):
        make_appointment(request=visitor(number), starts_at=MONDAY - 7 * DAY + number * DAY, status=status, **at)
    make_appointment(request=visitor(5), starts_at=MONDAY + DAY, ends_at=MONDAY + DAY + DAY / 8, **at)
    for number, status in enumerate((AppointmentStatus.CANCELLED, AppointmentStatus.MOVED), start=6):
        make_appointment(
            request=visitor(number), starts_at=MONDAY + number * DAY / 24, status=status, cells=False, **at
        )
    return center


def test_minutes_are_exact(miami: Center) -> None:
    by_center, by_week = rows(miami)

    assert by_week == [("2026-11-16", 120, 2400, 5), ("2026-11-23", 180, 1440, 12)]
    assert by_center == [("Miami", 300, 3840, 8)]


def test_days_that_were_asked_for_cut_a_week(miami: Center) -> None:
    thursday = Asked(dt.date(2026, 11, 19), dt.date(2026, 11, 24))

    assert rows(miami, asked=thursday)[1] == [("2026-11-16", 30, 960, 3), ("2026-11-23", 180, 480, 38)]


def test_other_centers_are_not_counted_and_phone_for_who_sees_everything_only(miami: Center) -> None:
    other = factories.make_center(name="Leaky")
    make_consultant(other)
    make_appointment_type(channel=Channel.PHONE)
    make_appointment(consultant=make_consultant(), request=visitor(9), starts_at=MONDAY)

    everything = rows(PlaceScope.ALL, PlaceScope.POOL)
    one = rows(PlaceScope.ALL, PlaceScope.POOL, asked=Asked(ASKED.first, ASKED.last, center=other))

    assert [row[0] for row in rows(miami)[0]] == ["Miami"]
    assert everything[0] == [("By phone or video", 30, 4800, 1), ("Leaky", 0, 4800, 0), ("Miami", 300, 3840, 8)]
    assert [row[0] for row in rows(PlaceScope.ALL)[0]] == ["Leaky", "Miami"]
    assert one[0] == [("Leaky", 0, 4800, 0)]


def test_without_hours_there_is_no_share(miami: Center) -> None:
    center = factories.make_center(name="Empty")
    make_appointment(request=visitor(9), center=center, channel=Channel.IN_PERSON, starts_at=MONDAY)

    assert rows(center)[0] == [("Empty", 30, 0, "")]
