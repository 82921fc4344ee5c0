"""Days that are written down make the same numbers as the requests themselves, for every reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.db import connection

from consultations.models import Activity, ConsultationRequest, DayCount
from consultations.privacy import retention
from consultations.reports import numbers, settled
from consultations.reports.asked import Asked
from consultations.reports.counting import Counts
from consultations.requests import moving
from consultations.statuses import ActivityKind, AppointmentStatus, Channel, PlaceScope, Status
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_request, make_staff
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TODAY = NOW.date()
ASKED = Asked(TODAY - 13 * DAY, TODAY)
SOURCE = "/articles/knee-pain/, end of the page"


@pytest.fixture
def centers(db: None) -> list[Center]:
    """Twelve requests of six days at two centers and at none, of which one is erased, one spam, and one a guest."""
    staff, therapy = make_staff(), factories.make_therapy(name="PRP")
    centers = [factories.make_center(name=f"Fern {name}") for name in ("Miami", "Lyon")]
    for number in range(12):
        request = make_request(
            email=f"v{number}@visitor.example",
            center=[*centers, None][number % 3],
            source=SOURCE if number % 2 else "",
            language="de-AT" if number < 5 else "en-US",
            therapies=[therapy] if number < 4 else [],
            now=NOW - number // 2 * DAY,
        )
        if number % 4:
            at = request.received_at + number * HOUR / 3
            moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=at)
    received = list(ConsultationRequest.objects.order_by("pk"))
    for request, status in ((received[3], AppointmentStatus.ATTENDED), (received[10], AppointmentStatus.NO_SHOW)):
        at = NOW - (2 if status == AppointmentStatus.ATTENDED else 3) * DAY
        make_appointment(request=request, status=status, channel=Channel.IN_PERSON, center=centers[0], starts_at=at)
    moving.move(received[4], to=Status.SPAM, by=staff, seen=Status.NEW, now=NOW, reason="Nonsense")
    retention.erase(received[5], by=staff, now=NOW)
    return centers


def tables(reader: User, asked: Asked = ASKED, now: dt.datetime = NOW) -> list[numbers.Table]:
    """Return the tables but the one of this moment."""
    return [
        table
        for table in numbers.tables(settled.Settled(reader, now), asked, numbers.Places(reader))
        if table.key != "overdue"
    ]


def counted(now: dt.datetime = NOW + HOUR) -> int:
    """Let the worker count what there is at `now`."""
    return settled.count_days(now=now)


READERS: dict[str, Callable[[list[Center]], User]] = {
    "everything": lambda centers: make_staff(),
    "superuser": lambda centers: make_staff(places=[], is_superuser=True),
    "one center": lambda centers: make_staff(places=centers[:1]),
    "all centers": lambda centers: make_staff(places=[PlaceScope.ALL]),
    "those without one": lambda centers: make_staff(places=[PlaceScope.POOL]),
    "nothing": lambda centers: make_staff(places=[]),
}


@pytest.mark.parametrize("who", READERS)
def test_days_that_are_written_down_make_the_same_numbers(centers: list[Center], who: str) -> None:
    reader = READERS[who](centers)
    part = Asked(TODAY - 4 * DAY, TODAY - DAY)
    asked = [ASKED, part, Asked(ASKED.first, TODAY, center=centers[0]), Asked(ASKED.first, TODAY, status=Status.NEW)]
    # Whoever does not see a center cannot ask for it: the form offers one's own.
    asked = [one for one in asked if one.center is None or who not in {"nothing", "those without one"}]
    before = [tables(reader, one) for one in asked]

    days = counted()

    assert [tables(reader, one) for one in asked] == before
    assert (days, DayCount.objects.filter(day=TODAY).count()) == (5, 0)


def test_what_is_written_down_is_what_is_read(centers: list[Center]) -> None:
    reader = make_staff()
    counted()
    whole = DayCount.objects.filter(everywhere=True).order_by("day")[0]
    assert ("centers", "Fern Miami") in {(table.key, row[0]) for table in tables(reader) for row in table.rows}

    DayCount.objects.filter(pk=whole.pk).update(counts=Counts().as_text(), requests=0)

    assert tables(reader)[0].rows[0][-1] == 12 - whole.requests


def test_change_counts_once_the_worker_has_seen_it_or_is_late(centers: list[Center]) -> None:
    reader, staff = make_staff(), make_staff()
    counted()
    old = ConsultationRequest.objects.get(email="v8@visitor.example")
    later = NOW + 2 * HOUR
    before = tables(reader, now=later)

    moving.move(old, to=Status.LOST, by=staff, seen=Status.NEW, now=later, reason="Moved away")

    at_once, late = tables(reader, now=later + HOUR / 12), tables(reader, now=later + HOUR / 4)
    assert at_once == before
    assert (counted(later + HOUR / 12), counted(later + HOUR / 11)) == (1, 0)
    assert tables(reader, now=later + HOUR / 12) == late != before


def test_line_that_is_later_by_its_time_and_earlier_by_its_key_is_not_lost(centers: list[Center]) -> None:
    counted()
    cut, moment = NOW + 2 * HOUR, HOUR / 36_000
    one, other = (ConsultationRequest.objects.get(email=f"v{n}@visitor.example") for n in (8, 9))
    for request, at in ((one, cut + moment), (other, cut - moment)):
        ConsultationRequest.objects.filter(pk=request.pk).update(status=Status.LOST)
        Activity.objects.create(request=request, kind=ActivityKind.DEADLINE, at=at)

    counted(cut + settled.SEEN)
    counted(cut + DAY)

    written = DayCount.objects.get(day=one.received_at.date(), everywhere=True, span=DayCount.Span.DAY)
    assert Counts.from_text(written.counts).statuses[Status.LOST] == 2


def test_erased_people_stay_counted_without_words(centers: list[Center]) -> None:
    counted()
    ours = ConsultationRequest.objects.get(email="v9@visitor.example")
    day = DayCount.objects.filter(day=ours.received_at.date(), everywhere=True)
    before = Counts.from_text(day.get().counts)

    retention.erase(ours, by=make_staff(), now=NOW + 2 * HOUR)
    counted(NOW + 3 * HOUR)

    after = Counts.from_text(day.get().counts)
    assert (before.requests, before.sources[SOURCE]) == (2, 1)
    assert (after.requests, after.sources[SOURCE]) == (2, 0)


def test_words_are_sealed(centers: list[Center]) -> None:
    counted()

    with connection.cursor() as cursor:
        cursor.execute("SELECT counts FROM consultations_daycount")
        held = [text for (text,) in cursor.fetchall()]

    assert {text[:5] for text in held} == {"gAAAA"}


def test_lost_key_leaves_the_numbers_that_need_none(centers: list[Center], settings: Any) -> None:
    counted()
    reader = make_staff()
    before = tables(reader)

    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    assert tables(reader)[:6] == before[:6]


def test_days_are_counted_some_at_a_time_the_newest_first_until_it_is_told_to_stop(centers: list[Center]) -> None:
    assert settled.count_days(now=NOW + HOUR, most=2) == 2
    assert set(DayCount.objects.values_list("day", flat=True)) == {TODAY - DAY, TODAY - 2 * DAY}

    assert settled.count_days(now=NOW + HOUR, stop=lambda: True) == 0


def write(**kwargs: Any) -> None:
    DayCount.objects.create(**{"day": TODAY, "requests": 0, "counts": "{}", "seen": 0} | kwargs)


def write_twice(**kwargs: Any) -> None:
    write(**kwargs)
    write(**kwargs)


RULES: list[tuple[str, Callable[[Center], None]]] = [
    ("consultations_daycount_center_once", lambda center: write_twice(center=center)),
    ("consultations_daycount_others_once", lambda center: write_twice(everywhere=True)),
    ("consultations_daycount_everywhere_is_no_center", lambda center: write(center=center, everywhere=True)),
]


@pytest.mark.parametrize(("name", "broken"), RULES)
def test_database_refuses(name: str, broken: Callable[[Center], None]) -> None:
    center = factories.make_center()

    with refused_by(name):
        broken(center)
