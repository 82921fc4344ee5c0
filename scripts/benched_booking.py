"""What scripts/bench_booking.py measures, in a process of the site: centers with consultants, more and more bookings."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from consultations.booking import schedule
from consultations.models import Appointment, AppointmentType, Consultant, ConsultationRequest, TimeCell, WorkingPeriod
from consultations.statuses import AppointmentStatus, Channel, Status
from consultations.views import soonest as soonest_page
from content.models import Center

CENTERS, EACH, DAYS, ROUNDS = 84, 3, 14, 15
SIZES = (200, 2_000, 20_000)
HOURS = ((dt.time(9), dt.time(12, 30)), (dt.time(13, 15), dt.time(18)))
VISIT = dt.timedelta(minutes=30)

type Query = tuple[str, Any]
type Slot = tuple[dt.datetime, Center, int]


def main() -> None:
    """Measure each number of bookings and print a line of JSON for it."""
    now = timezone.now()
    kind, centers = build()
    slots = in_order(kind, centers, now)
    for before, size in itertools.pairwise((0, *SIZES)):
        book(kind, itertools.islice(slots, size - before), now)
        connection.cursor().execute("ANALYZE")
        print(json.dumps({"bookings": size, **measure(kind, centers, now)}), flush=True)


def build() -> tuple[AppointmentType, list[Center]]:
    """Write a kind of visit and consultants with weekly hours; close all centers but as many as are measured."""
    centers = list(Center.objects.filter(open_to_requests=True).select_related("country")[:CENTERS])
    assert len(centers) == CENTERS  # noqa: S101  or the figures would be of something else
    Center.objects.exclude(pk__in=[center.pk for center in centers]).update(open_to_requests=False)
    kind = AppointmentType.objects.create(
        slug="bench", name="Bench", channel=Channel.IN_PERSON, minutes=30, interval_minutes=30
    )
    places = [center for center in centers for _ in range(EACH)]
    users = User.objects.bulk_create(User(username=f"bench-{number}") for number in range(len(places)))
    consultants = Consultant.objects.bulk_create(
        Consultant(user=user, public_name=user.username, time_zone=center.time_zone)
        for user, center in zip(users, places, strict=True)
    )
    through = Consultant.centers.through
    at_work = list(zip(consultants, places, strict=True))
    through.objects.bulk_create(through(consultant=one, center=center) for one, center in at_work)
    WorkingPeriod.objects.bulk_create(
        WorkingPeriod(consultant=one, center=center, weekday=day, starts=starts, ends=ends)
        for one, center in at_work
        for day in range(5)
        for starts, ends in HOURS
    )
    return kind, centers


def in_order(kind: AppointmentType, centers: list[Center], now: dt.datetime) -> Iterator[Slot]:
    """Yield every time of every consultant, the soonest first, so that the first free one is as far off as it can be."""
    read = read_all(kind, centers, now)
    slots = [
        (offer.starts_at, center, plan.consultant)
        for center in centers
        for offer in read.offers(center)
        for plan in read.at_place(center)
    ]
    return iter(sorted(slots, key=lambda slot: (slot[0], slot[2])))


def book(kind: AppointmentType, slots: Iterator[Slot], now: dt.datetime) -> None:
    """Write confirmed appointments with their requests and cells."""
    chosen = list(slots)
    requests = ConsultationRequest.objects.bulk_create(
        (
            ConsultationRequest(
                key=f"bench-{starts_at:%m%d%H%M}-{consultant}",
                name="Visitor",
                email="visitor@visitor.example",
                center=center,
                status=Status.BOOKED,
                received_at=now,
                respond_by=now,
                next_at=now,
            )
            for starts_at, center, consultant in chosen
        ),
        batch_size=1000,
    )
    made = Appointment.objects.bulk_create(
        (
            Appointment(
                request=request,
                consultant_id=consultant,
                appointment_type=kind,
                center=center,
                channel=kind.channel,
                starts_at=starts_at,
                ends_at=starts_at + VISIT,
                busy_from=starts_at,
                busy_until=starts_at + VISIT,
                cutoff_minutes=kind.cutoff_minutes,
                status=AppointmentStatus.CONFIRMED,
                created_at=now,
                changed_at=now,
            )
            for request, (starts_at, center, consultant) in zip(requests, chosen, strict=True)
        ),
        batch_size=1000,
    )
    cells = (
        TimeCell(consultant_id=one.consultant_id, cell=cell, appointment=one) for one in made for cell in one.cells
    )
    TimeCell.objects.bulk_create(cells, batch_size=2000)


def read_all(kind: AppointmentType, centers: list[Center], now: dt.datetime) -> schedule.Schedule:
    """Read what `schedule.soonest` reads."""
    return schedule.read(kind, centers=centers, begin=now, end=now + dt.timedelta(days=DAYS), now=now)


def measure(kind: AppointmentType, centers: list[Center], now: dt.datetime) -> dict[str, Any]:
    """Return seconds per round and queries of each thing that is measured, and what was read."""
    asked = RequestFactory(SERVER_NAME="127.0.0.1").get("/consultation/soonest/")

    def every() -> int:
        read = read_all(kind, centers, now)
        return sum(1 for center in centers for _ in read.offers(center))

    with recorded() as queries:
        found = schedule.soonest(kind, centers, now=now, days=DAYS)
    things: dict[str, Callable[[], object]] = {
        "rows": lambda: rows_of(queries),
        "soonest": lambda: schedule.soonest(kind, centers, now=now, days=DAYS),
        "all": every,
        "page": lambda: soonest_page(asked),
    }
    # What a process keeps of the page is no matter of bookings.
    soonest_page(asked)
    counts = {}
    for name, thing in things.items():
        with recorded() as seen:
            thing()
        counts[name] = len(seen)
    seconds: dict[str, list[float]] = {name: [] for name in things}
    names = list(things)
    for number in range(ROUNDS):
        for offset in range(len(names)):
            name = names[(number + offset) % len(names)]
            began = time.perf_counter()
            things[name]()
            seconds[name].append(time.perf_counter() - began)
    first = [one.offer.starts_at - now for one in found if one.offer]
    return {
        "queries": counts,
        "rows": rows_of(queries),
        "offered": every(),
        "centers": len(first),
        "days_off": statistics.median(each / dt.timedelta(days=1) for each in first) if first else None,
        "seconds": seconds,
    }


def rows_of(queries: list[Query]) -> int:
    """Run queries again and fetch their rows as plain tuples; return how many there were."""
    with connection.cursor() as cursor:
        number = 0
        for statement, values in queries:
            cursor.execute(statement, values)
            number += len(cursor.fetchall())
        return number


@contextlib.contextmanager
def recorded() -> Iterator[list[Query]]:
    """Yield a list that fills with the queries that are run."""
    queries: list[Query] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  Django calls it so
        queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield queries
