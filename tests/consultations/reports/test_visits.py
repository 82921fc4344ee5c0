"""Visits that are written down by day make the same numbers as the appointments themselves, for every reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from consultations.booking import appointments
from consultations.models import Appointment, DayCount
from consultations.reports import every_table, settled, visits
from consultations.reports.asked import DAY, Asked
from consultations.reports.numbers import BY_PHONE, ELSEWHERE, Table
from consultations.reports.settled import Settled
from consultations.statuses import AppointmentStatus, Channel, PlaceScope
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment, make_appointment_type, make_consultant
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
TODAY = NOW.date()
# Two whole months and parts of two.
EVER = Asked(TODAY - 100 * DAY, TODAY + 3 * DAY)
STATUSES = [
    AppointmentStatus.ATTENDED,
    AppointmentStatus.NO_SHOW,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.CANCELLED,
]


@pytest.fixture
def centers(db: None) -> list[Center]:
    """Forty requests of a hundred days at two centers and at none, with a visit each: at their center, at the other, by phone."""
    centers = [factories.make_center(name=f"Fern {name}") for name in ("Miami", "Lyon")]
    in_person, by_phone = make_appointment_type(), make_appointment_type(channel=Channel.PHONE)
    consultant = make_consultant(*centers)
    for number in range(40):
        named = [*centers, None][number % 3]
        begins = NOW - 98 * DAY + number * 2.5 * DAY
        request = make_request(email=f"v{number}@visitor.example", center=named, now=begins - DAY)
        at = [*centers, None][number % 7 % 3]
        make_appointment(
            request=request,
            center=at,
            channel=Channel.IN_PERSON if at else Channel.PHONE,
            appointment_type=in_person if at else by_phone,
            consultant=consultant,
            status=STATUSES[number % 4 if number % 5 else 0],
            starts_at=begins,
            ends_at=begins + (4 + number % 9) * dt.timedelta(minutes=5),
        )
    return centers


READERS: dict[str, Callable[[list[Center]], User]] = {
    "everything": lambda centers: make_staff(),
    "superuser": lambda centers: make_staff(places=[], is_superuser=True),
    "one center": lambda centers: make_staff(places=centers[:1]),
    "both centers": lambda centers: make_staff(places=centers),
    "all centers": lambda centers: make_staff(places=[PlaceScope.ALL]),
    "one and those without": lambda centers: make_staff(places=[centers[1], PlaceScope.POOL]),
    "those without one": lambda centers: make_staff(places=[PlaceScope.POOL]),
    "nothing": lambda centers: make_staff(places=[]),
}


def tables(reader: User, asked: Asked = EVER, now: dt.datetime = NOW + HOUR) -> dict[str, Table]:
    """Return the tables that are about visits."""
    found = {table.key: table for table in every_table.tables(reader, asked, now)}
    return {key: found[key] for key in ("visits", "capacity-centers", "capacity-weeks", "funnel")}


@pytest.mark.parametrize("who", READERS)
def test_visits_that_are_written_down_make_the_same_numbers(centers: list[Center], who: str) -> None:
    reader = READERS[who](centers)
    asked = [EVER, Asked(TODAY - 50 * DAY, TODAY - 3 * DAY)]
    if who not in {"those without one", "nothing"}:
        asked.append(Asked(EVER.first, EVER.last, center=centers[1 if who == "one and those without" else 0]))

    def every() -> list[dict[str, Table]]:
        return [tables(reader, one) for one in asked]

    of_appointments = every()
    settled.count_days(now=NOW + HOUR, most=200)
    of_sums = every()
    DayCount.objects.exclude(span=DayCount.Span.DAY).delete()

    assert (of_sums, every()) == (of_appointments, of_appointments)


def test_everybody_sees_their_own(centers: list[Center]) -> None:
    settled.count_days(now=NOW + HOUR, most=200)

    names = {who: {str(row[0]) for row in tables(make(centers))["visits"].rows} for who, make in READERS.items()}

    assert names["everything"] == names["superuser"] == {BY_PHONE, "Fern Lyon", "Fern Miami"}
    # Whose visitors were at another center, too, is told so without its name.
    assert names["one center"] == {BY_PHONE, "Fern Miami", ELSEWHERE}
    assert names["those without one"] == {BY_PHONE, ELSEWHERE}
    assert names["nothing"] == set()


def test_what_is_written_down_is_what_is_read(centers: list[Center]) -> None:
    settled.count_days(now=NOW + HOUR, most=200)
    reader = make_staff()
    before = Settled(reader, NOW + HOUR).visits(EVER)

    DayCount.objects.exclude(span=DayCount.Span.DAY).delete()
    DayCount.objects.filter(everywhere=False).update(attended=0, no_shows=0, booked_minutes=0)

    after = Settled(reader, NOW + HOUR).visits(EVER)
    # What is to come is read from the appointments.
    coming = sum(one.minutes for one in Appointment.objects.filter(starts_at__date__gte=TODAY, status__in=STATUSES[:3]))
    assert sum(one[visits.BOOKED] for one in after.places.values()) == coming
    assert sum(one[visits.BOOKED] for one in before.places.values()) > coming
    assert after.weeks == before.weeks


def test_rows_of_an_earlier_release_are_not_read_and_counted_anew(centers: list[Center]) -> None:
    reader, now = make_staff(), NOW + HOUR
    as_it_is = tables(reader)
    settled.count_days(now=now, most=200)
    whole = DayCount.objects.filter(everywhere=True)

    days = whole.filter(span=DayCount.Span.DAY).count()
    DayCount.objects.update(
        attended=None, no_shows=None, booked_minutes=None, phone_attended=None, phone_no_shows=None, requests=999
    )

    assert tables(reader) == as_it_is
    assert settled.count_days(now=now, most=200) == days
    assert tables(reader) == as_it_is
    assert (DayCount.objects.filter(booked_minutes=None).count(), whole.filter(requests=999).count()) == (0, 0)


def test_outcome_counts_on_the_day_of_the_visit_once_the_worker_has_seen_it(centers: list[Center]) -> None:
    now, reader = NOW + HOUR, make_staff()
    settled.count_days(now=now, most=200)
    visit = Appointment.objects.filter(
        status=AppointmentStatus.CONFIRMED, center=centers[0], starts_at__lt=NOW - 9 * DAY
    )[0]
    day = DayCount.objects.filter(day=visit.starts_at.date(), center=centers[0], span=DayCount.Span.DAY)
    before, shown = day.get().attended, tables(reader)

    appointments.record_outcome(visit, outcome=AppointmentStatus.ATTENDED, by=make_staff(), now=now)
    at_once = tables(reader, now=now + HOUR / 12)
    late = tables(reader, now=now + HOUR / 4)
    settled.count_days(now=now + HOUR / 12)

    assert (before, day.get().attended) == (0, 1)
    assert at_once == shown != late
    assert tables(reader, now=now + HOUR / 12) == late


def test_day_without_requests_counts_its_visits(centers: list[Center]) -> None:
    visit = Appointment.objects.filter(status=AppointmentStatus.ATTENDED, center=centers[0])[0]
    settled.count_days(now=NOW + HOUR, most=200)

    row = DayCount.objects.get(day=visit.starts_at.date(), center=centers[0], span=DayCount.Span.DAY)

    assert (row.requests, row.attended, row.booked_minutes) == (0, 1, visit.minutes)
