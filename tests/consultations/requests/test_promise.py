"""When the promised answer is due, and what a visitor is told where closed days put it off."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from consultations.clocks import business_hours
from consultations.mail import delivery
from consultations.models import Closure
from consultations.requests import promise
from content.models import Center, ClinicProfile
from tests.factories import NOW, make_center, make_clinic, make_request

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
HOUR = dt.timedelta(hours=1)
WEEKDAYS = [(day, dt.time(9), dt.time(17)) for day in range(5)]
# NOW is a Monday, seven in the morning in New York: eight business hours are over at five.
MONDAY = NOW.date()


def make_closure(first: int, last: int, **kwargs: Any) -> Closure:
    """Write a clinic-wide closure from and to so many days after Monday."""
    days: dict[str, Any] = {
        "first_day": MONDAY + dt.timedelta(days=first),
        "last_day": MONDAY + dt.timedelta(days=last),
    }
    return Closure.objects.create(**{"name": "Winter break"} | days | kwargs)


def due(center: Center | None = None) -> str:
    """Return when an answer is due, on New York's clock."""
    return f"{promise.respond_by(center, NOW).astimezone(NEW_YORK):%a %d %H:%M}"


def test_deadline_passes_over_holidays() -> None:
    week = business_hours.Week(WEEKDAYS, NEW_YORK, holidays=[MONDAY, MONDAY.replace(day=18)])

    found = week.deadline(NOW, 12 * HOUR)

    assert f"{found.astimezone(NEW_YORK):%a %d %H:%M}" == "Thu 19 13:00"


@pytest.mark.parametrize(
    ("closes", "expected"),
    [(dt.time(0), "Tue 17 23:00"), (dt.time(1, 30), "Tue 17 01:00"), (dt.time(0, 30), "Tue 17 22:30")],
)
def test_deadline_counts_hours_until_midnight_and_past_it(closes: dt.time, expected: str) -> None:
    late = [(day, dt.time(22), closes) for day in range(5)]

    found = business_hours.Week(late, NEW_YORK).deadline(NOW, 3 * HOUR)

    assert f"{found.astimezone(NEW_YORK):%a %d %H:%M}" == expected


def test_deadline_without_an_open_day_in_a_year_is_refused() -> None:
    always = [MONDAY + dt.timedelta(days=number) for number in range(business_hours.LONGEST_SEARCH_DAYS)]

    with pytest.raises(ValueError, match="no opening hours within a year"):
        business_hours.Week(WEEKDAYS, NEW_YORK, holidays=always).deadline(NOW, HOUR)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 4, "Mon 23 17:00"),
        (-3, 0, "Tue 17 17:00"),
        (1, 4, "Mon 16 17:00"),
        (-7, -1, "Mon 16 17:00"),
        (0, 2000, "Thu 19 07:00"),
    ],
)
def test_answer_is_due_that_much_later_when_the_clinic_is_closed(first: int, last: int, expected: str) -> None:
    make_clinic()
    make_closure(first, last)

    assert due() == expected


def test_answer_counted_in_a_centers_hours_waits_for_the_clinic_too() -> None:
    make_clinic()
    center = make_center()
    make_closure(0, 0)

    assert due(center) == "Tue 17 17:00"


def test_closure_of_one_center_puts_off_answers_counted_in_its_hours_alone() -> None:
    clinic = make_clinic()
    center, other = make_center(), make_center()
    without_hours = make_center(hours=False)
    for closed in (center, without_hours):
        make_closure(0, 4, center=closed)

    found = [due(place) for place in (center, other, without_hours, None)]

    assert found == ["Mon 23 17:00", "Mon 16 17:00", "Mon 16 17:00", "Mon 16 17:00"]
    told = [promise.delay(clinic, place, NOW) != "" for place in (center, other, without_hours)]
    assert told == [True, False, False]


@pytest.mark.parametrize(
    ("start", "end", "hours"), [(0, 2, 0), (0, 3, 1), (3, 6, 3), (0, 48, 16), (10, 10, 0), (9, 3, 0)]
)
def test_business_time_between_two_moments(start: int, end: int, hours: int) -> None:
    week = business_hours.Week(WEEKDAYS, NEW_YORK)

    assert week.between(NOW + start * HOUR, NOW + end * HOUR) == hours * HOUR


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([(0, 0)], "We are closed on 16 November 2026 (Winter break): that time does not count."),
        ([(0, 4)], "We are closed from 16 November 2026 to 20 November 2026 (Winter break): that time does not count."),
        (
            [(0, 0), (1, 1)],
            "We are closed on 16 November 2026 (Winter break) and on 17 November 2026 (Winter break): "
            "that time does not count.",
        ),
        ([(1, 4)], ""),
        ([], ""),
    ],
)
def test_delay_is_told_where_it_puts_the_answer_off(days: list[tuple[int, int]], words: str) -> None:
    clinic = make_clinic()
    for first, last in days:
        make_closure(first, last)

    assert promise.delay(clinic, None, NOW) == words


def test_received_request_is_due_after_the_closure_and_the_mail_says_so() -> None:
    make_clinic()
    make_closure(0, 4)

    request = make_request()
    delivery.deliver_due(now=NOW)

    assert request.respond_by == promise.respond_by(None, NOW) == NOW + dt.timedelta(days=7, hours=10)
    (sent,) = [sent for sent in mail.outbox if sent.to == [request.email]]
    assert sent.body.count("and answer within one working day. We are closed from 16 November 2026") == 1


def test_form_tells_of_the_closure(client: Client, time_machine: Any) -> None:
    make_clinic()
    make_closure(0, 4)
    time_machine.move_to(NOW, tick=False)

    page = client.get("/consultation/").content.decode()

    assert "We answer within one working day. We are closed from 16 November 2026 to 20 November 2026" in page


def test_site_without_a_profile_promises_three_days_and_tells_of_nothing() -> None:
    make_closure(0, 4)

    assert promise.respond_by(None, NOW) == NOW + promise.FALLBACK_DEADLINE
    assert promise.delay(ClinicProfile(), None, NOW) == ""


@pytest.mark.parametrize("written", ["Mo 25:00-26:00", "always", "Fr 22:00-02:00; Sa 01:00-03:00", ""])
def test_request_is_received_though_the_business_hours_cannot_be_read(written: str) -> None:
    make_clinic(hours=written)

    assert make_request().respond_by == NOW + promise.FALLBACK_DEADLINE
    assert promise.delay(make_clinic(hours=written), None, NOW) == ""
