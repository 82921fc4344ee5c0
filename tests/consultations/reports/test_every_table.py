"""Every table of the page, and why requests were closed."""

from __future__ import annotations

import pytest

from consultations.models import ConsultationRequest
from consultations.reports import every_table
from consultations.reports.asked import Asked
from consultations.requests import moving
from consultations.sheets import Row
from consultations.statuses import ClosedFor, PlaceScope, Status
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def close(center: Center | None, *reasons: ClosedFor) -> list[ConsultationRequest]:
    staff = factories.make_staff(places=[PlaceScope.ALL, PlaceScope.POOL])
    found = [factories.make_request(email=f"v{factories.number()}@visitor.example", center=center) for _ in reasons]
    for request, why in zip(found, reasons, strict=True):
        moving.move(request, to=Status.LOST, by=staff, seen=Status.NEW, now=NOW, reason="x", closed_for=why)
    return found


def reasons(*places: Center | PlaceScope) -> list[Row]:
    staff = factories.make_staff(places=places)
    tables = every_table.tables(staff, Asked(NOW.date(), NOW.date()), NOW)
    return next(table.rows for table in tables if table.key == "reasons")


def test_reasons_are_exact_and_by_center() -> None:
    miami, denver = factories.make_center(name="Miami"), factories.make_center(name="Denver")
    close(miami, ClosedFor.PRICE, ClosedFor.UNREACHABLE, ClosedFor.PRICE)
    again = close(denver, ClosedFor.DISTANCE, ClosedFor.DISTANCE)[0]
    close(None, ClosedFor.OTHER)
    moving.move(again, to=Status.REACHED, by=factories.make_staff(), seen=Status.LOST, now=NOW)

    assert reasons(PlaceScope.ALL, PlaceScope.POOL) == [
        ("Denver", "Too far away", 1),
        ("Miami", "Price", 2),
        ("Miami", "Could not be reached", 1),
        ("No center yet", "Another reason", 1),
    ]


def test_few_of_a_center_where_the_reader_does_not_work_are_hidden() -> None:
    own, foreign = factories.make_center(name="Own"), factories.make_center(name="Leaky")
    for request in close(foreign, *[ClosedFor.PRICE] * 4):
        make_appointment(request=request, center=own, channel="in_person", status="attended")

    assert reasons(own) == [("Other centers", "Price", "under 5")]
    for request in close(foreign, ClosedFor.PRICE):
        make_appointment(request=request, center=own, channel="in_person", status="attended")
    assert reasons(own) == [("Other centers", "Price", 5)]
