"""Rules and bookings read from the database: the right ones, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from consultations.booking import schedule
from consultations.booking.availability import ReasonKind
from consultations.models import AppointmentType, Closure, Consultant, DateException, Leave
from consultations.statuses import AppointmentStatus, Channel
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type, make_consultant, make_week

pytestmark = pytest.mark.django_db

NOW = factories.NOW
HALF_HOUR = dt.timedelta(minutes=30)


def monday(appointment_type: AppointmentType, center: Center | None) -> list[str]:
    """Return the times offered on Monday, by the clock in New York."""
    found = schedule.offers(appointment_type, center=center, now=NOW, begin=MONDAY - dt.timedelta(hours=10), days=1)
    return [f"{offer.starts_at.astimezone(ZoneInfo('America/New_York')):%H:%M}" for offer in found]


def test_offers_union_of_consultants() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    one, other = make_consultant(center), make_consultant(center)
    make_appointment(consultant=one, starts_at=MONDAY)

    found = schedule.offers(appointment_type, center=center, now=NOW, begin=MONDAY, days=1)

    assert [offer.consultants for offer in found[:2]] == [(other.pk,), (one.pk, other.pk)]


def test_offers_only_who_works_there_is_active_and_has_hours_there() -> None:
    center, elsewhere, appointment_type = factories.make_center(), factories.make_center(), make_appointment_type()
    make_consultant(elsewhere)
    make_consultant(center, active=False)
    make_consultant(center, hours=False)
    make_week(make_consultant(elsewhere), center)

    assert monday(appointment_type, center) == []


@pytest.mark.parametrize("closed", ["appointment_type", "center"])
def test_offers_nothing_of_what_is_switched_off(closed: str) -> None:
    center = factories.make_center(open_to_requests=closed != "center")
    make_consultant(center)

    assert monday(make_appointment_type(active=closed != "appointment_type"), center) == []


def test_offers_by_phone_use_hours_without_a_center_in_the_consultants_zone() -> None:
    appointment_type = make_appointment_type(channel=Channel.PHONE)
    make_consultant(factories.make_center())
    make_consultant(time_zone="America/Los_Angeles")

    assert (monday(appointment_type, None)[0], len(monday(appointment_type, None))) == ("12:00", 16)


def test_offers_by_phone_on_a_single_date() -> None:
    appointment_type = make_appointment_type(channel=Channel.PHONE)
    consultant = make_consultant(hours=False)
    DateException.objects.create(consultant=consultant, date=MONDAY.date(), starts=dt.time(9), ends=dt.time(10))

    assert monday(appointment_type, None) == ["09:00", "09:30"]


def test_offers_closed_exception_wins_over_hours_on_the_same_date() -> None:
    center = factories.make_center()
    consultant = make_consultant(center)
    date = {"consultant": consultant, "center": center, "date": MONDAY.date()}
    DateException.objects.create(**date, closed=True)
    DateException.objects.create(**date, starts=dt.time(9), ends=dt.time(10))

    assert monday(make_appointment_type(), center) == []


def test_offers_exception_for_the_telephone_leaves_the_center_alone() -> None:
    center = factories.make_center()
    DateException.objects.create(consultant=make_consultant(center), date=MONDAY.date(), closed=True)

    assert len(monday(make_appointment_type(), center)) == 16


@pytest.mark.parametrize(("where", "left"), [("here", 0), ("everywhere", 0), ("elsewhere", 16)])
def test_offers_closures(where: str, left: int) -> None:
    center = factories.make_center()
    make_consultant(center)
    place = {"here": center, "everywhere": None, "elsewhere": factories.make_center()}[where]
    Closure.objects.create(center=place, first_day=MONDAY.date(), last_day=MONDAY.date(), name="Holiday")

    assert len(monday(make_appointment_type(), center)) == left


def test_offers_leave() -> None:
    center = factories.make_center()
    Leave.objects.create(consultant=make_consultant(center), starts_at=MONDAY, ends_at=MONDAY + dt.timedelta(days=9))

    assert monday(make_appointment_type(), center) == ["09:00", "09:30"]


@pytest.mark.parametrize(
    ("status", "free"),
    [
        (AppointmentStatus.PENDING, False),
        (AppointmentStatus.CONFIRMED, False),
        (AppointmentStatus.ATTENDED, False),
        (AppointmentStatus.NO_SHOW, False),
        (AppointmentStatus.CANCELLED, True),
        (AppointmentStatus.MOVED, True),
    ],
)
def test_offers_by_status_of_what_is_there(status: AppointmentStatus, *, free: bool) -> None:
    center = factories.make_center()
    make_appointment(consultant=make_consultant(center), status=status)

    assert ("10:00" in monday(make_appointment_type(), center)) is free


@pytest.mark.parametrize(("minutes", "free"), [(1, False), (0, True), (-1, True)])
def test_offers_hold_until_it_runs_out(minutes: int, *, free: bool) -> None:
    center = factories.make_center()
    expires = NOW + dt.timedelta(minutes=minutes)
    make_appointment(consultant=make_consultant(center), status=AppointmentStatus.HELD, hold_expires_at=expires)

    assert ("10:00" in monday(make_appointment_type(), center)) is free


def test_offers_at_another_center_of_the_same_consultant() -> None:
    here, there = factories.make_center(), factories.make_center()
    make_appointment(consultant=make_consultant(here, there), center=there, channel=Channel.IN_PERSON)

    assert "10:00" not in monday(make_appointment_type(), here)


def test_offers_ignoring_what_would_be_given_up() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    old = make_appointment(consultant=make_consultant(center))

    found = schedule.offers(appointment_type, center=center, now=NOW, begin=MONDAY, days=1, ignoring=[old.pk])

    assert found[0].starts_at == MONDAY


def test_explain_agrees_with_offers() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type(buffer_after=15, daily_cap=3)
    consultant = make_consultant(center)
    make_appointment(consultant=consultant)
    begin = MONDAY - dt.timedelta(hours=10)

    unexplained = [
        start
        for start in (begin + n * dt.timedelta(minutes=15) for n in range(96))
        if not schedule.explain(appointment_type, center=center, consultant=consultant, starts_at=start, now=NOW)
    ]

    offered = schedule.offers(appointment_type, center=center, now=NOW, begin=begin, days=1)
    assert unexplained == [offer.starts_at for offer in offered]
    assert len(unexplained) == 14


def test_explain_consultant_of_another_center() -> None:
    center, appointment_type, consultant = factories.make_center(), make_appointment_type(), make_consultant()

    reasons = schedule.explain(appointment_type, center=center, consultant=consultant, starts_at=MONDAY, now=NOW)

    assert [reason.why for reason in reasons] == [ReasonKind.NOT_HERE]


def test_nearest_are_nearest_first_on_both_sides() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_appointment(consultant=make_consultant(center))

    found = schedule.nearest(appointment_type, center=center, starts_at=MONDAY, now=NOW, count=4)

    assert [(offer.starts_at - MONDAY) / HALF_HOUR for offer in found] == [-1, 1, -2, 2]


def test_soonest_is_what_counting_gives() -> None:
    appointment_type = make_appointment_type()
    zones = ["America/New_York", "Asia/Kathmandu", "Australia/Sydney", "Europe/London"]
    centers = [factories.make_center(time_zone=zone) for zone in zones]
    for center in centers[:3]:
        make_consultant(center)
        make_consultant(center)

    found = schedule.soonest(appointment_type, centers, now=NOW)

    first = {center: schedule.offers(appointment_type, center=center, now=NOW)[0] for center in centers[:3]}
    expected = sorted(centers[:3], key=lambda center: first[center].starts_at)
    assert [(one.center, one.offer) for one in found] == [(center, first[center]) for center in expected] + [
        (centers[3], None)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_soonest_fixed_number_of_queries(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    appointment_type = make_appointment_type()
    centers = [factories.make_center() for _ in range(count)]
    for center in centers:
        fill(center, count)

    with django_assert_num_queries(6):
        schedule.soonest(appointment_type, centers, now=NOW)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("channel", [Channel.IN_PERSON, Channel.VIDEO])
def test_offers_fixed_number_of_queries(
    channel: Channel, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    appointment_type = make_appointment_type(channel=channel)
    center = factories.make_center() if channel == Channel.IN_PERSON else None
    fill(center, count)

    with django_assert_num_queries(6):
        schedule.offers(appointment_type, center=center, now=NOW)


def fill(center: Center | None, count: int) -> None:
    """Write so many of everything that is read."""
    for n in range(count):
        consultant: Consultant = make_consultant(*([center] if center else []))
        DateException.objects.create(consultant=consultant, center=center, date=MONDAY.date(), closed=True)
        Leave.objects.create(consultant=consultant, starts_at=NOW, ends_at=MONDAY)
        Closure.objects.create(center=center, first_day=MONDAY.date(), last_day=MONDAY.date(), name=f"Holiday {n}")
        for step in range(count):
            make_appointment(consultant=consultant, starts_at=MONDAY + step * HALF_HOUR)


def test_soonest_follows_other_hours_although_the_working_days_are_kept() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    consultant = make_consultant(center)

    def clock() -> str:
        offer = schedule.soonest(appointment_type, [center], now=NOW)[0].offer
        return f"{offer.starts_at:%a %H:%M}" if offer else ""

    before = clock()
    consultant.working_periods.update(starts=dt.time(10, 15))
    changed = clock()
    DateException.objects.create(consultant=consultant, center=center, date=NOW.date(), closed=True)

    assert (before, changed, clock()) == ("Mon 14:00", "Mon 15:15", "Tue 15:15")
