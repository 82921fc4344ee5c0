"""The list of appointments, who is given which, and what the pages cost."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from consultations.booking import appointments
from consultations.models import Appointment
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.desk import Place, address, login
from tests.factories import NOW, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

HALF_HOUR = dt.timedelta(minutes=30)
LIST = "/admin/consultations/appointment/"


def test_visitor_is_assigned_fairly_and_never_to_whom_is_away(place: Place) -> None:
    center, appointment_type, first = place
    second, away = make_consultant(center), make_consultant(center)
    away.leaves.create(starts_at=NOW, ends_at=NOW + dt.timedelta(days=90))

    booked = [
        appointments.book(
            visitor(number),
            wanted_slot(
                appointment_type,
                center,
                starts_at=MONDAY + dt.timedelta(days=number // 15) + number % 15 // 2 * HALF_HOUR,
            ),
            now=NOW,
        )
        for number in range(30)
        if number % 15 != 14
    ]
    booked += [
        appointments.book(
            visitor(100 + number),
            wanted_slot(appointment_type, center, starts_at=MONDAY + dt.timedelta(days=2)),
            now=NOW,
        )
        for number in range(2)
    ]

    counts = Counter(one.consultant for one in booked)
    assert (len(booked), set(counts)) == (30, {first, second})
    assert abs(counts[first] - counts[second]) <= 1
    assert all(one.assignment_reason for one in booked)


def test_list_shows_why_this_consultant_and_the_clock(client: Client, place: Place) -> None:
    make_consultant(place[0])
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    login(client, "Triage")

    html = client.get(LIST).content.decode()

    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)" in html
    assert booked.assignment_reason in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status__exact=cancelled", 0),
        ("?status__exact=confirmed", 1),
        ("?day=today", 0),
        ("?day=week", 1),
        ("?day=tomorrow", 0),
        ("?day=past", 0),
        ("?center={center}", 1),
        ("?center=0", 1),
        ("?consultant={consultant}", 1),
        ("?consultant={other}", 0),
    ],
)
def test_list_filters(client: Client, place: Place, query: str, found: int) -> None:
    other = make_consultant(hours=False)
    appointments.book(visitor(1), wanted_slot(place[1], place[0], starts_at=MONDAY - dt.timedelta(days=3)), now=NOW)
    login(client, "Triage")

    query = query.format(center=place[0].pk, consultant=place[2].pk, other=other.pk)
    response = client.get(LIST + query)

    assert len(response.context["cl"].result_list) == found


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(
    client: Client, place: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_appointment(request=visitor(number), starts_at=MONDAY + number * HALF_HOUR)
    login(client, "Triage")
    client.get(LIST)

    with django_assert_num_queries(13):
        assert len(client.get(LIST).context["cl"].result_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_number_of_queries_however_many_times_are_free(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    center, _ = factories.make_center(), make_appointment_type()
    for _ in range(count):
        make_consultant(center)
    request = visitor(1, center=center)
    login(client, "Triage")
    client.get(address(request))

    with django_assert_num_queries(44):
        client.get(address(request))


@pytest.mark.parametrize(("group", "status"), [("Editors", 403), ("Triage", 200), ("Managers", 200)])
def test_list_is_for_the_desk(client: Client, group: str, status: int) -> None:
    make_appointment(request=factories.make_request(name="Leaky Name"))
    login(client, group)

    response = client.get(LIST)

    assert (response.status_code, "Leaky Name" in response.content.decode()) == (status, status == 200)


@pytest.mark.parametrize("which", ["add", "delete", "change"])
def test_nothing_is_written_by_hand(client: Client, which: str) -> None:
    appointment = make_appointment()
    client.force_login(make_staff(is_superuser=True))
    before = list(Appointment.objects.values())
    where = f"{LIST}add/" if which == "add" else f"{LIST}{appointment.pk}/{which}/"

    response = client.post(where, {"status": "attended", "post": "yes"})

    # An appointment's own page is that of its request, and takes nothing.
    assert response.status_code == (302 if which == "change" else 403)
    assert list(Appointment.objects.values()) == before


def test_cells_have_no_page(client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))

    assert client.get("/admin/consultations/timecell/").status_code == 404
