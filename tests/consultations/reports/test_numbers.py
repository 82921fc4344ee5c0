"""Known requests make exact numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.models import ConsultationRequest
from consultations.reports import counting, numbers, plots
from consultations.reports.asked import Asked
from consultations.reports.settled import Settled
from consultations.requests import moving
from consultations.sheets import Row
from consultations.statuses import AppointmentStatus, Channel, PlaceScope, Status
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
TODAY = NOW.date()
ASKED = Asked(TODAY - dt.timedelta(days=13), TODAY)


@pytest.fixture
def center() -> Center:
    """Eleven requests of two weeks at one center, ten of them answered after one to ten hours."""
    staff = factories.make_staff(places=[PlaceScope.ALL])
    therapy = factories.make_therapy(name="PRP")
    center = factories.make_center(name="Fern Miami")
    for number in range(1, 12):
        request = factories.make_request(
            email=f"v{number}@visitor.example",
            center=center,
            source="/articles/what-is-prp/, end of the page" if number < 8 else "",
            language="de-AT" if number < 4 else "en-US",
            therapies=[therapy] if number < 3 else [],
            now=NOW - dt.timedelta(days=7 if number < 5 else 0, hours=12),
        )
        if number < 11:
            at = request.received_at + number * HOUR
            moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=at)
    visited = ConsultationRequest.objects.order_by("pk")
    statuses = (AppointmentStatus.ATTENDED, AppointmentStatus.ATTENDED, AppointmentStatus.NO_SHOW)
    for day, (request, status) in enumerate(zip(visited, statuses, strict=False), start=1):
        make_appointment(
            request=request,
            channel=Channel.IN_PERSON,
            center=center,
            status=status,
            starts_at=NOW - dt.timedelta(days=day),
        )
    ConsultationRequest.objects.filter(first_contact_at=None).update(respond_by=NOW - HOUR)
    return center


def of(center: Center, asked: Asked = ASKED) -> dict[str, numbers.Table]:
    staff = factories.make_staff(places=[center])
    return {table.key: table for table in numbers.tables(Settled(staff, NOW), asked, numbers.Places(staff))}


def test_numbers_are_exact(center: Center) -> None:
    found = of(center)
    monday = TODAY - dt.timedelta(days=TODAY.weekday())
    weeks = [str(monday - dt.timedelta(weeks=number)) for number in (2, 1, 0)]
    by_week = {str(week): number for week, number in found["weeks"].rows if isinstance(number, int)}

    assert {key: table.rows for key, table in found.items() if key not in {"weeks", "total"}} == {
        "funnel": [
            ("Received", 11, "100 %"),
            ("Spoken with", 10, "91 %"),
            ("Appointment agreed", 3, "27 %"),
            ("Attended", 2, "18 %"),
        ],
        "centers": [("Fern Miami", 11)],
        "answers": [("Fern Miami", 10, 5.5, 9.0)],
        "overdue": [("Fern Miami", 1)],
        "therapies": [("None named", 9), ("PRP", 2)],
        "statuses": [("New", 1), ("In conversation", 10)],
        "sources": [("/articles/what-is-prp/", "end of the page", 7), ("unknown", "", 4)],
        "languages": [("English", 8), ("German", 3)],
        "visits": [("Fern Miami", 2, 1, "33 %")],
        "reasons": [],
    }
    assert (sum(by_week.values()), set(by_week) - set(weeks)) == (11, set())
    assert [row[-1] for row in found["total"].rows] == [11, 0]


def test_filters_narrow(center: Center) -> None:
    therapy = ConsultationRequest.objects.order_by("pk")[0].therapies.get()

    by_therapy = of(center, Asked(ASKED.first, TODAY, therapy=therapy))
    by_status = of(center, Asked(ASKED.first, TODAY, center=center, status=Status.NEW))
    yesterday = of(center, Asked(ASKED.first, TODAY - dt.timedelta(days=1)))

    assert by_therapy["therapies"].rows == [("PRP", 2)]
    assert by_status["centers"].rows == [("Fern Miami", 1)]
    assert yesterday["centers"].rows == [("Fern Miami", 4 if (NOW - 12 * HOUR).date() == TODAY else 11)]


def test_somebody_of_another_center_counts_nothing(center: Center) -> None:
    found = of(factories.make_center())

    assert {cell for table in found.values() for row in table.rows for cell in row[1:] if isinstance(cell, int)} <= {0}
    assert "Miami" not in repr(found)


def test_few_of_a_center_where_the_reader_does_not_work_are_not_counted_out(center: Center) -> None:
    own = factories.make_center(name="Fern Own")
    guest = ConsultationRequest.objects.order_by("pk")[5]
    make_appointment(
        request=guest,
        channel=Channel.IN_PERSON,
        center=own,
        status=AppointmentStatus.ATTENDED,
        starts_at=NOW - 9 * dt.timedelta(days=1),
    )

    found = of(own)

    assert found["centers"].rows == [("Other centers", "under 5")]
    assert found["answers"].rows == [("Other centers", "under 5", "", "")]
    assert "Miami" not in repr(found)


def test_only_the_newest_are_opened(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "OPENED", 4)

    found = of(center)["languages"]

    assert (found.rows, found.note) == ([("English", 4)], "Of the newest 4 requests of days that are not counted yet.")


def test_bars_are_as_long_as_their_numbers(center: Center) -> None:
    found = of(center)

    drawn, nothing = plots.of(found["languages"]), plots.of(of(factories.make_center())["weeks"])

    assert drawn is not None
    assert [(bar.name, bar.value, bar.width) for bar in drawn.bars] == [("English", "8", 350.0), ("German", "3", 131.2)]
    assert nothing is None


def test_long_names_in_a_plot_are_told_apart_by_their_end() -> None:
    rows: list[Row] = [("/articles/exosomes-vs-prp/", place, 1) for place in ("end of the page", "below a table")]

    drawn = plots.of(numbers.Table("sources", "By page", ("page", "place", "requests"), rows))

    assert drawn is not None
    assert [bar.name for bar in drawn.bars] == ["/articles/e… end of the page", "/articles/e…/, below a table"]
