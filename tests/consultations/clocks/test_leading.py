"""Whose clock leads, and whose telephone answers."""

from __future__ import annotations

import zoneinfo

import pytest
from pytest_django import DjangoAssertNumQueries

from consultations.booking import appointments
from consultations.clocks import leading
from consultations.mail import invitations
from consultations.models import Appointment
from consultations.statuses import Channel
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.factories import NOW, make_center, make_clinic

pytestmark = pytest.mark.django_db


def call(asked: str = "", own: str = "", clinic: str = "Europe/London") -> Appointment:
    """Have staff book a call with somebody in Sydney, for a request that asks for a center in the zone `asked`."""
    make_clinic(time_zone=clinic)
    make_consultant(time_zone="Australia/Sydney", public_name="Ana")
    request = visitor(1, center=make_center(time_zone=asked) if asked else None)
    wanted = wanted_slot(make_appointment_type(channel=Channel.PHONE), visitor_zone=own, override="They asked for it.")
    return appointments.book(request, wanted, by=factories.make_staff(), now=NOW)


@pytest.mark.parametrize(
    ("asked", "own", "leads"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Europe/Paris"),
        ("Asia/Tokyo", "", "Asia/Tokyo"),
        ("Asia/Tokyo", "Mars/Base", "Asia/Tokyo"),
        ("", "Europe/Paris", "Europe/Paris"),
        ("", "", "Europe/London"),
    ],
)
def test_clock_of_a_call_is_the_visitors_or_that_of_their_request_and_never_the_consultants(
    asked: str, own: str, leads: str
) -> None:
    booked = call(asked, own)

    assert booked.zone.key == leads
    assert Appointment.objects.get().zone.key == leads
    assert Appointment.objects.with_clinic_clock().get().zone.key == leads


def test_history_and_pages_name_the_same_clock() -> None:
    booked = call("Asia/Tokyo")

    assert booked.in_words == "Tue 24 Nov 2026, 00:00 JST (Mon 23 Nov 2026, 15:00 UTC) with Ana by phone"
    shown = invitations.facts(booked, make_clinic(), discreet=False)
    assert shown["when"] == "Tue 24 Nov 2026, 00:00 (Tokyo, UTC+09:00)"


def test_clock_of_a_visit_is_that_of_its_center_whatever_else_is_known() -> None:
    center = make_center(time_zone="America/New_York")
    request = visitor(1, center=make_center(time_zone="Asia/Tokyo"))
    visit = make_appointment(center=center, channel=Channel.IN_PERSON, visitor_zone="Europe/Paris", request=request)

    assert visit.zone.key == "America/New_York"


def test_before_there_is_a_clinic_the_clock_is_utc() -> None:
    assert make_appointment().zone.key == "UTC"
    assert leading.usual_clock(None, "").key == "UTC"


def test_usual_clock_is_asked_for_only_where_it_is_needed() -> None:
    def fail() -> zoneinfo.ZoneInfo:
        raise AssertionError

    paris = zoneinfo.ZoneInfo("Europe/Paris")
    assert leading.clock(None, paris, fail) == paris


@pytest.mark.parametrize("count", [1, 3])
def test_clocks_of_many_calls_take_one_query(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_clinic()
    for _ in range(count):
        make_appointment(starts_at=MONDAY)

    with django_assert_num_queries(1):
        rows = list(Appointment.objects.with_clinic_clock().select_related("request__center", "center"))
        assert [row.zone.key for row in rows] == ["America/New_York"] * count


def test_phone_is_the_centers_or_else_the_clinics() -> None:
    clinic = make_clinic(phone="+12025550143")
    own = make_center(phone="+12025550177")

    found = [leading.phone(center, clinic) for center in (own, make_center(), None)]

    assert [str(one) for one in found] == ["+12025550177", "+12025550143", "+12025550143"]
