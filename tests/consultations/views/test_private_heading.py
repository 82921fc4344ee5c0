"""The private page's one heading is true of where the request stands, and its phone number is the same everywhere."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from consultations.booking import appointments, waiting_list
from consultations.models import Appointment, ConsultationRequest
from consultations.privacy import selfservice
from consultations.statuses import AppointmentStatus, Channel, Status
from content.models import ClinicProfile
from tests.booking_factories import MONDAY, give_up, join, make_appointment, make_once_a_day, visitor, wanted_slot
from tests.factories import NOW, make_center, make_staff
from tests.times_page import address

LATER = NOW + dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic(clinic: ClinicProfile) -> None:
    """Every page names the clinic."""


def heading(client: Client, request: ConsultationRequest, *, now: dt.datetime = LATER) -> list[str]:
    with time_machine.travel(now, tick=False):
        page = client.get(request.get_private_url()).content.decode()
    return re.findall(r"<h1>(.*?)</h1>", page)


def numbers(client: Client, address: str) -> set[str]:
    """Return the numbers that the page itself names; the frame of the site has the clinic's."""
    with time_machine.travel(LATER, tick=False):
        page = client.get(address).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    return set(re.findall(r'href="tel:([^"]+)"', main))


def appointment_of(request: ConsultationRequest, status: AppointmentStatus) -> Appointment:
    return make_appointment(request=request, status=status, cells=False)


def test_request_without_an_appointment_is_received(client: Client) -> None:
    assert heading(client, visitor(1)) == ["We have your request"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (AppointmentStatus.CONFIRMED, "Your appointment is booked"),
        (AppointmentStatus.PENDING, "Your appointment is to be confirmed"),
        (AppointmentStatus.CANCELLED, "Your appointment is cancelled"),
        (AppointmentStatus.ATTENDED, "Your consultation has taken place"),
        (AppointmentStatus.NO_SHOW, "We have your request"),
    ],
)
def test_appointment_is_said_in_the_heading(client: Client, status: AppointmentStatus, said: str) -> None:
    request = visitor(1)
    appointment_of(request, status)

    assert heading(client, request) == [said]


def test_appointment_whose_time_has_come_is_not_said_to_be_ahead(client: Client) -> None:
    request = visitor(1)
    appointment_of(request, AppointmentStatus.CONFIRMED)

    assert heading(client, request, now=MONDAY + DAY) == ["Your appointment"]


def test_time_that_we_could_not_confirm_is_not_called_cancelled(client: Client) -> None:
    request = visitor(1)
    asked = make_appointment(request=request, status=AppointmentStatus.PENDING)
    appointments.decline(asked, by=make_staff(), now=LATER, reason="Nobody is in")

    assert heading(client, request) == ["We could not confirm your time"]


def test_time_that_became_free_is_offered(client: Client) -> None:
    place = make_once_a_day()
    freed = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    waiting_one = visitor(2)
    join(waiting_one, place)
    give_up(freed)
    waiting_list.offer_freed(now=LATER)

    assert heading(client, waiting_one, now=LATER + dt.timedelta(minutes=5)) == ["A time is held for you"]


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.LOST, "Your request is closed"), (Status.WON, "Your consultation has taken place")],
)
def test_closed_request_says_so(client: Client, status: Status, said: str) -> None:
    request = visitor(1)
    ConsultationRequest.objects.filter(pk=request.pk).update(status=status)

    assert heading(client, request) == [said]


def test_request_that_is_to_be_erased_says_so_before_all_else(client: Client) -> None:
    request = visitor(1)
    appointment_of(request, AppointmentStatus.CONFIRMED)
    selfservice.ask_for_erasure(request, now=LATER)

    assert heading(client, request) == ["Your request is going to be erased"]


def test_private_page_and_list_of_times_name_the_number_of_the_center(client: Client) -> None:
    request = visitor(1, center=make_center(phone="+442079460958"))

    assert numbers(client, request.get_private_url()) == {"+442079460958"}
    assert numbers(client, address(request)) == {"+442079460958"}


def test_booked_page_names_one_number(client: Client) -> None:
    london = make_center(phone="+442079460958")
    request = visitor(1, center=london)
    make_appointment(request=request, center=london, channel=Channel.IN_PERSON, starts_at=MONDAY, cells=False)

    assert numbers(client, request.get_private_url()) == {"+442079460958"}
    assert numbers(client, address(request)) == {"+442079460958"}


@pytest.mark.parametrize(("phone", "missing"), [("", 1), ("+1 202-555-0143", 0)])
def test_call_without_a_number_asks_for_one(client: Client, phone: str, missing: int) -> None:
    request = visitor(1, phone=phone)
    make_appointment(request=request, channel=Channel.PHONE, cells=False)
    with time_machine.travel(LATER, tick=False):
        page = client.get(request.get_private_url()).content.decode()

    assert page.count("have no number of yours yet") == missing
