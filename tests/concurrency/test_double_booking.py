"""One consultant's time is given once, however many want it at the same moment.

The last test takes the database's guards away and double-books with the same harness: so the others prove something.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from consultations.booking import appointments
from consultations.booking.appointments import WantedSlot
from consultations.booking.refusals import NotOffered, SlotTaken
from consultations.exceptions import ConsultationError
from consultations.models import Activity, Appointment, AppointmentType, Consultant, ConsultationRequest, TimeCell
from consultations.statuses import ActivityKind, AppointmentStatus, Status
from content.models import Center
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.concurrency.guards import guards_taken_away
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

NOW = factories.NOW
CROWD = 16
MINUTE = dt.timedelta(minutes=1)

type Job = Callable[[], Appointment]


def together(jobs: list[Job]) -> list[Appointment | ConsultationError]:
    """Run all jobs at once, each on a connection of its own; a refusal in words is an answer, anything else an error."""

    def run(number: int) -> Appointment | ConsultationError:
        try:
            return jobs[number]()
        except ConsultationError as refusal:
            return refusal

    outcome = race(len(jobs), run)
    assert outcome.raised == []
    return outcome.returned


def book_job(
    request: ConsultationRequest,
    wanted: WantedSlot,
    by: User | None = None,
    verb: Callable[..., Appointment] = appointments.book,
) -> Job:
    return lambda: verb(request, wanted, **({"by": by} if by else {}), now=NOW)


def booked_of(answers: list[Appointment | ConsultationError]) -> list[Appointment]:
    return [answer for answer in answers if isinstance(answer, Appointment)]


def make_place(**kwargs: object) -> tuple[Center, AppointmentType, Consultant]:
    center = factories.make_center()
    return center, make_appointment_type(**kwargs), make_consultant(center)


def overlapping() -> list[tuple[Appointment, Appointment]]:
    """Return pairs of occupying appointments of one consultant that overlap, counted without any help of the database."""
    rows = list(Appointment.objects.occupying(NOW).order_by("pk"))
    return [
        (one, other)
        for number, one in enumerate(rows)
        for other in rows[number + 1 :]
        if one.consultant_id == other.consultant_id
        and one.busy_from < other.busy_until
        and other.busy_from < one.busy_until
    ]


def test_crowd_for_one_time_gets_it_once() -> None:
    center, appointment_type, _ = make_place()
    requests = [visitor(n) for n in range(CROWD)]

    answers = together([book_job(request, wanted_slot(appointment_type, center)) for request in requests])

    lost = [answer for answer in answers if isinstance(answer, SlotTaken)]
    assert (len(booked_of(answers)), len(lost)) == (1, CROWD - 1)
    assert all(len(refusal.alternatives) == 5 for refusal in lost)
    assert Appointment.objects.count() == 1
    assert ConsultationRequest.objects.filter(status=Status.BOOKED).count() == 1


def test_crowd_for_one_time_of_three_consultants_gets_it_three_times() -> None:
    center, appointment_type, _ = make_place()
    make_consultant(center)
    make_consultant(center)

    answers = together([book_job(visitor(n), wanted_slot(appointment_type, center)) for n in range(CROWD)])

    assert len({booked.consultant_id for booked in booked_of(answers)}) == len(booked_of(answers)) == 3


def test_crowd_for_overlapping_unequal_times() -> None:
    center, appointment_type, _ = make_place(minutes=60, interval_minutes=5, buffer_after=10)
    # All of them within an hour: no two can stand beside each other.
    times = [MONDAY + n % 12 * 5 * MINUTE for n in range(CROWD)]

    answers = together(
        [book_job(visitor(n), wanted_slot(appointment_type, center, starts_at=at)) for n, at in enumerate(times)]
    )

    assert len(booked_of(answers)) == 1
    assert overlapping() == []


def test_crowd_that_holds_a_time() -> None:
    center, appointment_type, _ = make_place()

    answers = together(
        [book_job(visitor(n), wanted_slot(appointment_type, center), verb=appointments.hold) for n in range(CROWD)]
    )

    assert [booked.status for booked in booked_of(answers)] == [AppointmentStatus.HELD]


def test_crowd_for_the_time_of_a_hold_that_ran_out() -> None:
    center, appointment_type, _ = make_place()
    first = visitor(CROWD)
    appointments.hold(first, wanted_slot(appointment_type, center), now=NOW - dt.timedelta(hours=1))
    wanting = [first, *(visitor(n) for n in range(CROWD - 1))]

    answers = together([book_job(request, wanted_slot(appointment_type, center)) for request in wanting])

    assert len(booked_of(answers)) == 1
    assert overlapping() == []


def test_staff_against_visitors() -> None:
    center, appointment_type, consultant = make_place()
    staff = factories.make_staff()
    forced = wanted_slot(appointment_type, center, consultant=consultant, override="Agreed by telephone.")
    by_staff = [book_job(visitor(n), forced, staff) for n in range(CROWD // 2)]
    by_visitors = [book_job(visitor(n), wanted_slot(appointment_type, center)) for n in range(CROWD // 2, CROWD)]

    answers = together([*by_staff, *by_visitors])

    assert len(booked_of(answers)) == 1
    assert all(isinstance(answer, SlotTaken) for answer in answers if answer not in booked_of(answers))


def test_two_staff_confirm_one_appointment() -> None:
    center, appointment_type, _ = make_place(needs_confirmation=True)
    pending = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    staff = [factories.make_staff() for _ in range(4)]

    def confirm_job(by: User) -> Job:
        return lambda: appointments.confirm(Appointment.objects.get(pk=pending.pk), by=by, now=NOW)

    answers = together([confirm_job(by) for by in staff])

    assert [answer.status for answer in booked_of(answers)] == [AppointmentStatus.CONFIRMED] * 4
    assert Activity.objects.filter(kind=ActivityKind.CONFIRMED).count() == 1


def test_two_pending_requests_cannot_both_have_the_time() -> None:
    center, appointment_type, _ = make_place(needs_confirmation=True)

    answers = together([book_job(visitor(n), wanted_slot(appointment_type, center)) for n in range(CROWD)])

    assert [booked.status for booked in booked_of(answers)] == [AppointmentStatus.PENDING]


def test_one_person_at_two_devices_gets_one_appointment() -> None:
    center, appointment_type, _ = make_place()
    requests = [factories.make_request(email="ada@visitor.example") for _ in range(6)]
    times = [MONDAY + n * 30 * MINUTE for n in range(6)]

    answers = together(
        [
            book_job(request, wanted_slot(appointment_type, center, starts_at=at))
            for request, at in zip(requests, times, strict=True)
        ]
    )

    assert len(booked_of(answers)) == 1


def test_daily_cap_holds_in_a_crowd() -> None:
    center, appointment_type, _ = make_place(daily_cap=2)
    times = [MONDAY + n % 12 * 30 * MINUTE for n in range(CROWD)]

    answers = together(
        [book_job(visitor(n), wanted_slot(appointment_type, center, starts_at=at)) for n, at in enumerate(times)]
    )

    assert len(booked_of(answers)) == 2
    assert all(isinstance(answer, NotOffered) for answer in answers if answer not in booked_of(answers))


def test_two_swap_their_times_and_nobody_waits_for_ever() -> None:
    center, appointment_type, _ = make_place()
    one = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    other = appointments.book(
        visitor(2), wanted_slot(appointment_type, center, starts_at=MONDAY + 30 * MINUTE), now=NOW
    )

    def move_job(appointment: Appointment, to: dt.datetime) -> Job:
        return lambda: appointments.move(appointment, WantedSlot.like(appointment, to), now=NOW)

    answers = together([move_job(one, other.starts_at), move_job(other, one.starts_at)])

    assert [type(answer) for answer in answers] == [SlotTaken, SlotTaken]
    assert Appointment.objects.filter(status=AppointmentStatus.CONFIRMED).count() == 2


def test_move_and_cancel_at_once_leave_one_outcome() -> None:
    center, appointment_type, _ = make_place()
    appointment = appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    stale = Appointment.objects.get(pk=appointment.pk)

    together(
        [
            lambda: appointments.move(appointment, WantedSlot.like(appointment, MONDAY + 30 * MINUTE), now=NOW),
            lambda: appointments.cancel(stale, now=NOW),
        ]
    )

    active = Appointment.objects.active().count()
    assert TimeCell.objects.count() == active * 6


def test_overlapping_cell_by_plain_sql_is_refused() -> None:
    appointment = make_appointment()
    other = make_appointment(consultant=appointment.consultant, starts_at=MONDAY + dt.timedelta(days=1))
    insert = "INSERT INTO consultations_timecell (consultant_id, cell, appointment_id) VALUES (%s, %s, %s)"

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [appointment.consultant_id, appointment.cells.stop - 1, other.pk])


def test_overlapping_appointment_without_cells_is_caught_by_postgresql_s_second_net() -> None:
    appointment = make_appointment()

    try:
        make_appointment(consultant=appointment.consultant, starts_at=MONDAY + 15 * MINUTE, cells=False)
        refused = False
    except IntegrityError:
        refused = True

    # SQLite has the key of the cells alone, which a row without cells goes round.
    assert refused == (connection.vendor == "postgresql")


def test_negative_control_without_the_guards_the_harness_double_books() -> None:
    center, appointment_type, consultant = make_place()
    staff = factories.make_staff()
    # Staff set the rules aside, so nothing but the database says no; see test_staff_against_visitors.
    forced = wanted_slot(appointment_type, center, consultant=consultant, override="Agreed by telephone.")
    requests = [visitor(n) for n in range(CROWD)]

    with guards_taken_away():
        answers = together([book_job(request, forced, staff) for request in requests])
        pairs = len(overlapping())
        Appointment.objects.all().delete()

    assert (len(booked_of(answers)), pairs) == (CROWD, CROWD * (CROWD - 1) // 2)
