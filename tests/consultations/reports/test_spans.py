"""Months and years are the sums of their days, and make the same numbers."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from cryptography.fernet import Fernet
from pytest_django import DjangoAssertNumQueries, Settings

from consultations.models import ConsultationRequest, DayCount
from consultations.reports import counting, numbers, settled, spans
from consultations.reports.asked import DAY, Asked
from consultations.reports.counting import Counts
from consultations.requests import moving
from consultations.statuses import Status
from content.models import Center
from tests import factories
from tests.factories import make_request, make_staff

pytestmark = pytest.mark.django_db

Span = DayCount.Span
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
BEGAN, NOW = dt.datetime(2024, 12, 5, 12, tzinfo=dt.UTC), dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
EVER = Asked(BEGAN.date(), NOW.date())
YEAR_2025, FEBRUARY = (Span.YEAR, dt.date(2025, 1, 1)), (Span.MONTH, dt.date(2026, 2, 1))


@pytest.fixture
def centers(db: None) -> list[Center]:
    """Thirty requests of 16 months, two of three at a center, of which some are answered, after as many minutes as days."""
    staff = make_staff()
    centers = [factories.make_center(name=f"Fern {name}") for name in ("Miami", "Lyon")]
    for number in range(30):
        at = BEGAN + number * 15 * DAY
        request = make_request(email=f"v{number}@visitor.example", center=[*centers, None][number % 3], now=at)
        if number % 4:
            moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=at + number * 15 * MINUTE)
    return centers


def counted(now: dt.datetime = NOW, most: int = 1000) -> int:
    """Let the worker count what there is at `now`."""
    return settled.count_days(now=now, most=most)


def sums() -> list[spans.Part]:
    """Return the months and years that are written down of all places together."""
    rows = DayCount.objects.filter(everywhere=True).exclude(span=Span.DAY)
    return list(rows.order_by("day", "span").values_list("span", "day"))


def tables(asked: Asked = EVER, *places: Center, now: dt.datetime = NOW) -> list[numbers.Table]:
    """Return the tables but the one of this moment."""
    reader = make_staff(places=places) if places else make_staff()
    return [
        table
        for table in numbers.tables(settled.Settled(reader, now), asked, numbers.Places(reader))
        if table.key != "overdue"
    ]


def some_day() -> ConsultationRequest:
    """Return a request of July 2025."""
    return ConsultationRequest.objects.get(received_at__date=BEGAN.date() + 15 * 15 * DAY)


def test_sums_make_the_same_numbers_as_days_and_as_requests(centers: list[Center]) -> None:
    asked = [EVER, Asked(dt.date(2025, 1, 1), dt.date(2025, 12, 31)), Asked(dt.date(2025, 2, 2), dt.date(2026, 2, 28))]
    asked += [Asked(one.first, one.last, center=centers[0]) for one in asked]
    readers = [[], centers[:1], centers]

    def every() -> list[list[numbers.Table]]:
        return [tables(one, *places) for one in asked for places in readers]

    of_requests = every()
    days = counted()
    of_sums = every()
    DayCount.objects.exclude(span=Span.DAY).delete()

    assert (days, of_sums, every()) == (453, of_requests, of_requests)


def test_only_whole_months_and_years_are_added_up(centers: list[Center]) -> None:
    counted()

    months = [(Span.MONTH, dt.date(2025, month, 1)) for month in range(1, 13)]
    assert sums() == [months[0], YEAR_2025, *months[1:], (Span.MONTH, dt.date(2026, 1, 1)), FEBRUARY]


def test_sum_holds_the_rows_of_each_center_and_of_all(centers: list[Center]) -> None:
    counted()

    def rows(span: str) -> dict[object, tuple[int, object]]:
        held = DayCount.objects.filter(span=span, day__range=(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))
        found: dict[object, list[DayCount]] = {}
        for row in held:
            found.setdefault((row.center_id, row.everywhere), []).append(row)
        return {
            key: (
                sum(one.requests for one in kept),
                json.loads(counting.together(Counts.from_text(one.counts) for one in kept).as_text()),
            )
            for key, kept in found.items()
        }

    assert rows(Span.YEAR) == rows(Span.MONTH) == rows(Span.DAY)
    assert len(rows(Span.YEAR)) == 4


def test_fewest_spans_are_read(centers: list[Center]) -> None:
    counted()

    found = spans.written(Asked(dt.date(2024, 12, 30), dt.date(2026, 3, 2)), [])

    days = [(Span.DAY, day) for day in (dt.date(2024, 12, 30), dt.date(2024, 12, 31))]
    january = (Span.MONTH, dt.date(2026, 1, 1))
    last = [(Span.DAY, dt.date(2026, 3, day)) for day in (1, 2)]
    assert found == [*days, YEAR_2025, january, FEBRUARY, *last]


def test_what_is_written_of_a_year_is_what_is_read(centers: list[Center]) -> None:
    counted()
    before = tables()[0].rows[0][-1]
    year = DayCount.objects.get(span=Span.YEAR, everywhere=True)

    DayCount.objects.filter(pk=year.pk).update(counts=Counts().as_text(), requests=0)

    assert (before, tables()[0].rows[0][-1]) == (30, 30 - year.requests)


def test_changed_day_takes_its_sums_away_until_nothing_changes_any_more(centers: list[Center]) -> None:
    counted()
    before = sums()
    july = (Span.MONTH, dt.date(2025, 7, 1))
    # Number 15 was answered.
    moving.move(some_day(), to=Status.LOST, by=make_staff(), seen=Status.REACHED, now=NOW, reason="Moved away")
    as_it_is = tables(now=NOW + HOUR)

    counted(NOW + HOUR)
    meanwhile, read = sums(), tables(now=NOW + HOUR)
    counted(NOW + HOUR + MINUTE)

    assert [one for one in before if one not in meanwhile] == [YEAR_2025, july]
    assert (sums(), read, tables(now=NOW + HOUR + MINUTE)) == (before, as_it_is, as_it_is)


def test_late_day_is_counted_from_its_requests_and_its_month_from_days(centers: list[Center]) -> None:
    counted()
    moving.move(some_day(), to=Status.LOST, by=make_staff(), seen=Status.REACHED, now=NOW, reason="Moved away")

    late = tables(now=NOW + HOUR)

    DayCount.objects.all().delete()
    assert late == tables(now=NOW + HOUR)


def test_month_with_a_day_that_is_not_counted_waits(centers: list[Center]) -> None:
    counted(most=30)
    assert sums() == [FEBRUARY]

    counted(most=31)
    assert sums() == [(Span.MONTH, dt.date(2026, 1, 1)), FEBRUARY]


def test_worker_that_is_told_to_stop_adds_nothing_up(centers: list[Center]) -> None:
    counted()
    DayCount.objects.exclude(span=Span.DAY).delete()

    settled.count_days(now=NOW, stop=lambda: True)

    assert sums() == []


def test_lost_key_adds_nothing_up(centers: list[Center], settings: Settings) -> None:
    counted()
    DayCount.objects.exclude(span=Span.DAY).delete()

    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    counted()

    assert sums() == []


def test_three_years_are_as_many_queries_as_a_day(
    centers: list[Center], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counted()
    reader = make_staff()

    for asked in (EVER, Asked(NOW.date() - DAY, NOW.date())):
        days = settled.Settled(reader, NOW)
        # The reader's places, the spans, their rows, and seven of the requests of today.
        with django_assert_num_queries(10):
            days.counts(asked)
