"""How soon visitors were answered, by the hour of the week on the center's clock."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.models import ConsultationRequest
from consultations.reports import plots, response
from consultations.reports.asked import Asked
from consultations.reports.numbers import Places, Table
from consultations.requests import moving
from consultations.sheets import Row
from consultations.statuses import PlaceScope, Status
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]

HOUR = dt.timedelta(hours=1)
ASKED = Asked(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
# 23:30 on Sunday in New York, half past four on Monday in UTC; 15:30 on Monday in Sydney.
MONDAY_NIGHT = dt.datetime(2026, 11, 16, 4, 30, tzinfo=dt.UTC)


@pytest.fixture
def clinic() -> None:
    factories.make_clinic(time_zone="America/New_York")


def answer(center: Center | None, *hours: float, at: dt.datetime = MONDAY_NIGHT) -> ConsultationRequest:
    """Write a request for each number of hours, answered after so many; return the last."""
    staff = factories.make_staff(places=[PlaceScope.ALL, PlaceScope.POOL])
    for took in hours:
        request = factories.make_request(email=f"v{factories.number()}@visitor.example", center=center, now=at)
        moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=at + took * HOUR)
    return request


def tables(*places: Center | PlaceScope, asked: Asked = ASKED) -> dict[str, Table]:
    staff = factories.make_staff(places=places)
    received = asked.received(ConsultationRequest.objects.visible_to(staff))
    return {table.key: table for table in response.tables(received, Places(staff))}


def filled(table: Table) -> list[Row]:
    """Return (center, day, hour, value) of what is not empty."""
    return [
        (row[0], row[1], table.head[number], row[number])
        for row in table.rows
        for number in range(2, 26)
        if row[number] != ""
    ]


def test_hours_are_exact_and_on_the_centers_clock() -> None:
    miami, sydney = (
        factories.make_center(name="Miami"),
        factories.make_center(name="Sydney", time_zone="Australia/Sydney"),
    )
    answer(miami, 1, 2, 3, 4, 10)
    answer(miami, 8, at=MONDAY_NIGHT + HOUR)
    answer(sydney, 2.5)
    answer(None, 0.5)

    found = tables(PlaceScope.ALL, PlaceScope.POOL)

    assert {key: filled(table) for key, table in found.items()} == {
        "hours-answered": [
            ("Miami", "Mon", "00", 1), ("Miami", "Sun", "23", 5), ("No center yet", "Sun", "23", 1), ("Sydney", "Mon", "15", 1),
        ],
        "hours-median": [
            ("Miami", "Mon", "00", 8), ("Miami", "Sun", "23", 3), ("No center yet", "Sun", "23", 0.5), ("Sydney", "Mon", "15", 2.5),
        ],
        "hours-p90": [
            ("Miami", "Mon", "00", 8), ("Miami", "Sun", "23", 10), ("No center yet", "Sun", "23", 0.5), ("Sydney", "Mon", "15", 2.5),
        ],
    }  # fmt: skip
    assert [row[:2] for row in found["hours-median"].rows[:7]] == [
        ("Miami", day) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ]


def test_many_centers_are_one_and_each_keeps_its_clock() -> None:
    for zone in ("America/New_York", "America/New_York", "Australia/Sydney", "Europe/Paris"):
        answer(factories.make_center(time_zone=zone), 1)

    assert filled(tables(PlaceScope.ALL)["hours-answered"]) == [
        (response.TOGETHER, "Mon", "05", 1),
        (response.TOGETHER, "Mon", "15", 1),
        (response.TOGETHER, "Sun", "23", 2),
    ]


def test_few_answers_of_a_center_where_the_reader_does_not_work_are_hidden() -> None:
    own, foreign = factories.make_center(name="Own"), factories.make_center(name="Leaky")
    answer(own, 1)
    guests = [answer(foreign, 7) for _ in range(4)]
    for guest in guests:
        make_appointment(request=guest, center=own, channel="in_person")
    answer(foreign, 9)

    few = tables(own)
    make_appointment(request=answer(foreign, 7), center=own, channel="in_person")
    enough = tables(own)

    def elsewhere(found: dict[str, Table]) -> list[Row]:
        return [row for table in found.values() for row in filled(table) if row[0] != "Own"]

    assert elsewhere(few) == [("Other centers", "Sun", "23", "under 5")]
    assert elsewhere(enough) == [
        ("Other centers", "Sun", "23", 5),
        ("Other centers", "Sun", "23", 7),
        ("Other centers", "Sun", "23", 7),
    ]
    assert "Leaky" not in repr(few)


def test_only_the_newest_answers_are_timed_and_the_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    center = factories.make_center()
    answer(center, 1)
    answer(center, 5, at=MONDAY_NIGHT + HOUR)
    monkeypatch.setattr(response, "TIMED", 1)

    found = tables(center)["hours-median"]

    assert ([row[3] for row in filled(found)], "Of the newest 1 answers." in found.note) == ([5], True)


def test_fields_are_the_darker_the_greater_their_value() -> None:
    center = factories.make_center(name="Miami")
    answer(center, 1)
    answer(center, 4, at=MONDAY_NIGHT + HOUR)

    drawn, nothing = plots.of(tables(center)["hours-median"]), plots.of(tables(factories.make_center())["hours-median"])

    assert drawn is not None
    dark = [(one.value, one.shade) for one in drawn.fields if one.shade]
    assert (dark, len(drawn.fields), nothing) == ([("4", 0.4), ("1", 0.1)], 7 * 24, None)
    assert [one.words for one in drawn.labels][:3] == ["Miami", "00", "01"]
