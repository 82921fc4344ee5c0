"""Centers by their next free time: in the right order, narrowed by plain forms, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.booking import schedule
from consultations.models import AppointmentType
from content.models import Center, ClinicProfile
from tests import factories
from tests.booking_factories import make_appointment, make_appointment_type, make_consultant
from tests.conftest import forget_pages
from tests.factories import NOW, make_center

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
PATH = "/consultation/soonest/"


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(clinic: ClinicProfile) -> AppointmentType:
    return make_appointment_type()


def names(client: Client, **query: str) -> list[str]:
    """Return the centers in the order of the page."""
    return re.findall(r'<h2><a href="[^"]+">([^<]+)', client.get(PATH, query).content.decode())


def network() -> None:
    """Write three centers that open one after the other, and one without anybody."""
    america, france = factories.make_country(), factories.make_country("FR", "France")
    for name, city, zone, country in [
        ("West", "Portland", "America/Los_Angeles", america),
        ("East", "Boston", "America/New_York", america),
        ("Rives", "Paris", "Europe/Paris", france),
    ]:
        make_consultant(make_center(name=name, city=city, time_zone=zone, country=country))
    make_center(name="Nobody", city="Boston")


def test_soonest_comes_first_and_whoever_has_nothing_last(client: Client, visit: AppointmentType) -> None:
    network()

    # Monday 12:00 UTC is 13:00 in Paris, 07:00 in Boston, 04:00 in Portland.
    assert names(client) == ["Rives", "East", "West", "Nobody"]


def test_order_is_that_of_asking_each_center_by_itself(client: Client, visit: AppointmentType) -> None:
    network()
    rives = Center.objects.get(name="Rives")
    first = schedule.offers(visit, center=rives, now=NOW)[0]
    make_appointment(
        consultant_id=first.consultants[0],
        starts_at=first.starts_at,
        busy_until=first.starts_at + dt.timedelta(hours=4),
    )
    each = [
        (schedule.offers(visit, center=center, now=NOW)[:1], center.name)
        for center in Center.objects.exclude(name="Nobody")
    ]
    order = [name for _, name in sorted((found[0].starts_at, name) for found, name in each)]

    assert names(client) == [*order, "Nobody"]


def test_time_is_on_the_centers_clock_with_its_offset_and_phone_to_tap(client: Client, visit: AppointmentType) -> None:
    network()

    page = client.get(PATH, {"city": "paris"}).content.decode()

    assert "Mon 16 Nov 2026, 14:00</strong><small>Paris time, UTC+01:00" in page
    slug = Center.objects.get(name="Rives").slug
    assert f'href="/consultation/?center={slug}"' in page
    assert 'href="tel:+12025550143"' in page
    assert f'<option value="{slug}" selected>' in client.get("/consultation/", {"center": slug}).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"country": "FR"}, ["Rives"]),
        ({"city": "bost"}, ["East", "Nobody"]),
        ({"country": "US", "city": "Portland"}, ["West"]),
        ({"country": "FR", "city": "Boston"}, []),
        ({"country": "XX", "visit": "x"}, ["Rives", "East", "West", "Nobody"]),
        ({"city": "\u200b"}, ["Rives", "East", "West", "Nobody"]),
    ],
)
def test_narrowed_by_country_and_city(
    client: Client, visit: AppointmentType, query: dict[str, str], found: list[str]
) -> None:
    network()

    assert names(client, **query) == found


def test_closed_centers_are_left_out(client: Client, visit: AppointmentType) -> None:
    network()
    Center.objects.filter(name="East").update(open_to_requests=False)

    assert "East" not in names(client)


def test_page_is_the_same_for_everyone(client: Client, visit: AppointmentType) -> None:
    response = client.get(PATH)

    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert client.post(PATH).status_code == 405


def test_without_any_kind_of_visit_centers_are_listed_all_the_same(client: Client) -> None:
    network()

    assert len(names(client)) == 4


def test_queries_do_not_grow_with_centers(client: Client, visit: AppointmentType) -> None:
    network()
    with CaptureQueriesContext(connection) as few:
        client.get(PATH)
    for _ in range(12):
        make_consultant(make_center())
    forget_pages()

    with CaptureQueriesContext(connection) as many:
        client.get(PATH)

    assert len(many) == len(few) <= 16


def test_page_is_worked_out_once_a_minute(client: Client, visit: AppointmentType) -> None:
    network()
    first = client.get(PATH)
    rives = Center.objects.get(name="Rives")
    offer = schedule.offers(visit, center=rives, now=NOW)[0]
    end = offer.starts_at + dt.timedelta(hours=4)
    make_appointment(consultant_id=offer.consultants[0], starts_at=offer.starts_at, busy_until=end)

    with (
        CaptureQueriesContext(connection) as none,
        time_machine.travel(NOW + dt.timedelta(milliseconds=200), tick=False),
    ):
        second = client.get(PATH)
    with time_machine.travel(NOW + dt.timedelta(seconds=59), tick=False):
        third = client.get(PATH)
    with time_machine.travel(NOW + dt.timedelta(seconds=60), tick=False):
        fourth = client.get(PATH)

    assert len(none) == 0
    assert first.content == second.content == third.content
    assert third.headers["Age"] == "59"
    assert [page.content.decode().count("Mon 16 Nov 2026, 14:00") for page in (third, fourth)] == [1, 0]


def test_the_list_of_centers_leads_here(client: Client) -> None:
    assert f'href="{PATH}"' in client.get("/centers/").content.decode()


def test_countries_and_cities_to_choose_follow_an_edit(client: Client, visit: AppointmentType) -> None:
    network()

    def to_choose() -> tuple[list[str], list[str]]:
        page = client.get(PATH).content.decode()
        cities = re.findall(r'<option value="([^"]+)"></option>', page)
        return re.findall(r'<option value="[^"]*"(?: selected)?>([^<]+)', page), cities

    before = to_choose()
    rives = Center.objects.get(name="Rives")
    rives.city, rives.country = "Lisboa", factories.make_country("PT", "Portugal")
    rives.save()

    assert (before, to_choose()) == (
        (["All countries", "France", "United States"], ["Boston", "Paris", "Portland"]),
        (["All countries", "Portugal", "United States"], ["Boston", "Lisboa", "Portland"]),
    )
