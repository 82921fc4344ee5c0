"""Columns hold what visitors are offered, what the reader may see, and nothing of what they may not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from consultations.admin.agenda.columns import MOST
from consultations.statuses import AppointmentStatus, Channel
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type, make_consultant, make_week, visitor
from tests.consultations.admin.agenda.test_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

HOUR = dt.timedelta(hours=1)


def told(response: Any) -> dict[str, list[str]]:
    """Return every column as words: times, what it is, who comes, and the free times."""
    return {
        column.name: [
            " ".join(
                [block.times, block.piece.kind]
                + ([block.piece.what.appointment.request.name] if block.piece.what else [])
                + [link.clock for link in block.links]
            )
            for block in column.blocks
        ]
        for column in response.context["drawn"].columns
    }


def test_day_has_a_column_for_each_consultant_with_visits_gaps_and_free_times(client: Client) -> None:
    center = factories.make_center()
    kind = make_appointment_type(minutes=60, interval_minutes=60, buffer_after=30)
    ana, ben = make_consultant(center, public_name="Ana"), make_consultant(center, public_name="Ben")
    ben.leaves.create(starts_at=MONDAY - HOUR, ends_at=MONDAY + 5 * HOUR)
    at_ten: dict[str, Any] = {"center": center, "channel": Channel.IN_PERSON, "appointment_type": kind}
    make_appointment(
        request=visitor(1),
        consultant=ana,
        starts_at=MONDAY,
        ends_at=MONDAY + HOUR,
        busy_until=MONDAY + HOUR * 1.5,
        **at_ten,
    )
    client.force_login(factories.make_staff("Triage", places=[center]))

    response = page(client, place=center.pk, day="2026-11-23")

    assert told(response) == {
        "Ana": [
            "09:00–10:00 gap",
            "10:00–11:00 visit Visitor 1",
            "11:00–11:30 kept",
            "11:30–12:00 gap",
            "12:00–13:00 free 12:00",
            "13:00–14:00 free 13:00",
            "14:00–15:00 free 14:00",
            "15:00–16:00 free 15:00",
            "16:00–17:00 free 16:00",
        ],
        "Ben": ["09:00–15:00 off", "15:00–16:00 free 15:00", "16:00–17:00 free 16:00"],
    }
    assert response.context["drawn"].hours == [f"{hour:02d}:00" for hour in range(9, 17)]


def test_what_takes_time_at_another_center_is_taken_without_a_word(client: Client) -> None:
    own, foreign = factories.make_center(), factories.make_center()
    make_appointment_type()
    shared = make_consultant(own, foreign, hours=False)
    make_week(shared, own, starts=10, ends=12)
    leaky = factories.make_request(name="Leaky Name", center=foreign)
    make_appointment(request=leaky, consultant=shared, center=foreign, channel=Channel.IN_PERSON, starts_at=MONDAY)
    client.force_login(factories.make_staff("Triage", places=[own]))

    response = page(client, place=own.pk, day="2026-11-23")

    assert told(response) == {
        shared.public_name: [
            "10:00–10:30 busy",
            "10:30–11:00 free 10:30",
            "11:00–11:30 free 11:00",
            "11:30–12:00 free 11:30",
        ]
    }
    assert "Leaky" not in response.content.decode()


def test_hour_that_the_clock_skips_takes_no_room(client: Client) -> None:
    center = factories.make_center(hours=False)
    kind = make_appointment_type(window_days=365, minutes=60, interval_minutes=60)
    night = make_consultant(center, hours=False, public_name="Ana")
    # Clocks in New York go from two to three on 14 March 2027.
    night.working_periods.create(center=center, weekday=6, starts=dt.time(1), ends=dt.time(4))
    client.force_login(factories.make_staff("Triage"))

    response = page(client, place=center.pk, day="2027-03-14", kind=kind.pk)

    assert response.context["drawn"].hours == ["01:00", "03:00"]
    assert told(response) == {"Ana": ["01:00–03:00 free 01:00", "03:00–04:00 free 03:00"]}


def test_visit_of_somebody_without_hours_has_a_column(client: Client) -> None:
    center = factories.make_center()
    ana = make_consultant(center, hours=False, public_name="Ana")
    make_appointment(
        request=visitor(1),
        consultant=ana,
        center=center,
        channel=Channel.IN_PERSON,
        status=AppointmentStatus.PENDING,
        starts_at=MONDAY + HOUR / 2,
    )
    client.force_login(factories.make_staff("Triage"))

    assert told(page(client, place=center.pk, day="2026-11-23")) == {
        "Ana": ["10:00–10:30 off", "10:30–11:00 visit Visitor 1"]
    }


def test_day_across_centers_says_where_a_time_is_free_and_where_somebody_works(client: Client) -> None:
    make_appointment_type()
    here, there = factories.make_center(name="Fern Here"), factories.make_center(name="Fern There")
    both = make_consultant(here, there, hours=False, public_name="Ana")
    for place, hour in ((here, 9), (there, 10)):
        make_week(both, place, starts=hour, ends=hour + 1)
    client.force_login(factories.make_staff("Triage"))

    (column,) = page(client, day="2026-11-23").context["drawn"].columns

    free = [(link.clock, link.where) for block in column.blocks for link in block.links]
    assert free == [("09:00", "Fern Here"), ("09:30", "Fern Here"), ("10:00", "Fern There"), ("10:30", "Fern There")]
    assert column.place == "Fern Here, Fern There"


def test_of_more_consultants_than_fit_those_with_a_visit_are_shown(client: Client) -> None:
    center = factories.make_center()
    kind = make_appointment_type()
    everybody = [make_consultant(center, public_name=f"Ana {number:02}") for number in range(MOST + 2)]
    make_appointment(
        request=visitor(1), consultant=everybody[-1], center=center, channel=Channel.IN_PERSON, appointment_type=kind
    )
    client.force_login(factories.make_staff("Triage"))

    response = page(client, place=center.pk, day="2026-11-23")

    assert list(told(response)) == [one.public_name for one in [everybody[-1], *everybody[: MOST - 1]]]
    assert response.context["drawn"].left_out == 2
