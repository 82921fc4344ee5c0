"""“Why is this time not offered?” says what the visitor's page does, for every start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from consultations.admin.why import explain
from consultations.booking import appointments, schedule
from consultations.models import Closure
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
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db

QUARTER = dt.timedelta(minutes=15)
DAY = dt.timedelta(days=1)
# The week in which New York's clocks go forward, on Sunday the 14th.
SPRING = dt.datetime(2027, 3, 10, 13, 20, tzinfo=dt.UTC)


def page(client: Client, **query: Any) -> Any:
    """Open the page."""
    return client.get(reverse("desk:why"), query)


def login(client: Client, *groups: str) -> None:
    """Log a new member of staff in."""
    client.force_login(make_staff(*groups))


@pytest.mark.alike
def test_week_of_answers_agrees_with_the_offers() -> None:
    center = factories.make_center()
    appointment_type = make_appointment_type(
        minutes=45, interval_minutes=30, buffer_after=15, notice_minutes=120, daily_cap=3
    )
    consultant, other = make_consultant(center, hours=False), make_consultant(center)
    for weekday in range(7):
        consultant.working_periods.create(center=center, weekday=weekday, starts=dt.time(0), ends=dt.time(6))
        consultant.working_periods.create(center=center, weekday=weekday, starts=dt.time(10, 10), ends=dt.time(19))
    other.leaves.create(starts_at=SPRING + DAY, ends_at=SPRING + 2 * DAY)
    consultant.date_exceptions.create(center=center, date=dt.date(2027, 3, 12), closed=True)
    Closure.objects.create(center=center, name="Snow", first_day=dt.date(2027, 3, 15), last_day=dt.date(2027, 3, 15))
    start = dt.datetime(2027, 3, 11, 16, tzinfo=dt.UTC)
    make_appointment(consultant=consultant, starts_at=start, appointment_type=appointment_type)
    make_appointment(consultant=other, starts_at=start + 4 * QUARTER, appointment_type=appointment_type)
    offers = schedule.offers(appointment_type, center=center, now=SPRING, begin=SPRING.replace(minute=0) - DAY, days=8)
    offered = {(offer.starts_at, who) for offer in offers for who in offer.consultants}
    names = {consultant.pk: consultant.public_name, other.pk: other.public_name}

    answered, staff = set(), make_staff()
    for step in range(8 * 24 * 4):
        begin = SPRING.replace(minute=0) - DAY + step * QUARTER
        # Odd minutes too, at which some of these hours begin.
        for at in (begin, begin + dt.timedelta(minutes=10)):
            free = {
                answer.who
                for answer in explain(appointment_type, center, None, at, user=staff, now=SPRING)
                if not answer.reasons
            }
            answered |= {(at, who) for who, name in names.items() if name in free}

    assert len(offered) > 50
    assert answered == offered


@pytest.mark.usefixtures("present")
def test_page_names_reason_zone_and_utc(client: Client) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    consultant = make_consultant(center, public_name="Ana")
    appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    login(client, "Triage")
    asked = {"appointment_type": appointment_type.pk, "center": center.pk, "local": "2026-11-23T10:00"}

    html = page(client, **asked, consultant=consultant.pk).content.decode()
    everybody = page(client, **asked).context

    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00) (15:00 UTC)" in html
    assert "Another appointment, with what is kept free around it, needs this time." in html
    assert (everybody["offered"], [answer.who for answer in everybody["answers"]]) == (False, ["Ana"])


@pytest.mark.usefixtures("present")
def test_page_says_that_a_time_is_offered(client: Client) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    login(client, "Managers")

    response = page(client, appointment_type=appointment_type.pk, center=center.pk, local="2026-11-23T10:00")

    assert response.context["offered"] is True
    assert "Nothing stands against it." in response.content.decode()


@pytest.mark.usefixtures("present")
def test_by_phone_the_clock_is_the_consultants(client: Client) -> None:
    consultant = make_consultant(time_zone="Asia/Kathmandu")
    appointment_type = make_appointment_type(channel=Channel.PHONE)
    login(client, "Triage")

    response = page(client, appointment_type=appointment_type.pk, consultant=consultant.pk, local="2026-11-23T10:00")

    assert response.context["moment"] == "Mon 23 Nov 2026, 10:00 (Kathmandu, UTC+05:45)"
    assert response.context["offered"] is True


@pytest.mark.usefixtures("present")
@pytest.mark.parametrize("off", ["appointment_type", "consultant", "center"])
def test_what_is_switched_off_is_the_answer(client: Client, off: str) -> None:
    center, appointment_type = (
        factories.make_center(open_to_requests=off != "center"),
        make_appointment_type(active=off != "appointment_type"),
    )
    make_consultant(center, active=off != "consultant")
    login(client, "Triage")

    response = page(client, appointment_type=appointment_type.pk, center=center.pk, local="2026-11-23T10:00")

    assert "Nobody takes this kind of visit here just now." in response.content.decode()


@pytest.mark.usefixtures("present")
@pytest.mark.parametrize(
    ("local", "words"),
    [
        ("2027-03-14T02:30", "The clock in New York skips this time on that day."),
        ("soon", "Give a date and a time such as 2026-11-30T09:30."),
        ("0001-01-01T00:00", "Give a date and a time such as 2026-11-30T09:30."),
        ("9999-12-31T23:59", "Give a date and a time such as 2026-11-30T09:30."),
    ],
)
def test_what_is_no_time_is_said_so(client: Client, local: str, words: str) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    login(client, "Triage")

    response = page(client, appointment_type=appointment_type.pk, center=center.pk, local=local)

    assert response.context["form"].errors == {"local": [words]}


@pytest.mark.usefixtures("present")
def test_page_asks_six_queries_for_the_answer(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    for _ in range(3):
        make_appointment(consultant=make_consultant(center), starts_at=MONDAY)
    login(client, "Triage")
    asked = {"appointment_type": appointment_type.pk, "center": center.pk, "local": "2026-11-23T10:00"}
    page(client, **asked)

    with django_assert_num_queries(20):
        page(client, **asked)


@pytest.mark.parametrize(("group", "status"), [("Editors", 403), ("Medical reviewers", 403), ("Triage", 200)])
def test_page_is_for_the_desk(client: Client, group: str, status: int) -> None:
    login(client, group)

    assert page(client).status_code == status


def test_outsiders_are_led_to_the_login(client: Client) -> None:
    assert page(client).headers["Location"].startswith(reverse("admin:login"))
