"""A time that became free has one winner, whoever offers it, takes the offer or books it at the same moment.

The first test is the control: code that looks whether the time is free and then takes it gives it to everybody, unless the
database says no. So the harness can see two winners, and what prevents them is the database.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from consultations.booking import appointments, waiting_list
from consultations.booking.refusals import SlotTaken
from consultations.exceptions import ChangedMeanwhile
from consultations.models import Activity, Appointment, AppointmentType, ConsultationRequest, TimeCell, WaitingOffer
from consultations.statuses import ActivityKind, AppointmentStatus, Channel
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
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + dt.timedelta(hours=1)
CROWD = 4


@pytest.fixture
def place() -> tuple[Center, AppointmentType]:
    """A center with one consultant who has one free time, on Mondays at ten in New York."""
    center, appointment_type = factories.make_center(), make_appointment_type(minutes=30, interval_minutes=60)
    consultant = make_consultant(center, hours=False)
    consultant.working_periods.create(center=center, weekday=0, starts=dt.time(10), ends=dt.time(10, 30))
    return center, appointment_type


@pytest.fixture
def freed(place: tuple[Center, AppointmentType]) -> Appointment:
    """The time, given up while four were waiting for it, the first since longest."""
    center, appointment_type = place
    booked = appointments.book(visitor(0), wanted_slot(appointment_type, center), now=NOW)
    for number in range(1, CROWD + 1):
        until, joined = MONDAY + dt.timedelta(days=1), NOW + number * dt.timedelta(seconds=1)
        waiting_list.join(visitor(number), center=center, appointment_type=appointment_type, until=until, now=joined)
    return appointments.cancel(booked, by=factories.make_staff(), now=LATER)


def waiters() -> list[ConsultationRequest]:
    """Return who waits, in the order they joined."""
    entries = ConsultationRequest.objects.filter(waiting_entries__isnull=False)
    return list(entries.order_by("waiting_entries__joined_at"))


@pytest.mark.parametrize(("guards", "winners"), [(nullcontext, 1), (guards_taken_away, CROWD)])
def test_control_looking_before_taking_has_one_winner_only_where_the_database_says_so(
    freed: Appointment, guards: Callable[[], AbstractContextManager[None]], winners: int
) -> None:
    looked = threading.Barrier(CROWD)
    wanting = waiters()

    def look_then_hold(number: int) -> None:
        taken = TimeCell.objects.filter(consultant=freed.consultant_id, cell__in=freed.cells).exists()
        # Those who wait with a connection in hand would empty the pool.
        connection.close()
        looked.wait(timeout=20)
        if not taken:
            with transaction.atomic():
                make_appointment(
                    request=wanting[number],
                    consultant=freed.consultant,
                    appointment_type=freed.appointment_type,
                    channel=Channel.IN_PERSON,
                    center=freed.center,
                    status=AppointmentStatus.HELD,
                    hold_expires_at=LATER + waiting_list.OFFER_FOR,
                )

    with guards():
        outcome = race(CROWD, look_then_hold)
        held = Appointment.objects.held().count()
        Appointment.objects.all().delete()

    assert (held, len(outcome.raised)) == (winners, CROWD - winners)
    assert all(isinstance(error, DatabaseError) for error in outcome.raised)


def test_workers_at_once_offer_it_to_the_first_alone(freed: Appointment) -> None:
    outcome = race(CROWD, lambda _: waiting_list.offer_freed(now=LATER))

    assert (outcome.raised, sum(outcome.returned)) == ([], 1)
    assert Appointment.objects.held().get().request == waiters()[0]
    assert WaitingOffer.objects.count() == 1


def test_workers_and_a_crowd_at_once_have_one_winner(freed: Appointment, place: tuple[Center, AppointmentType]) -> None:
    others = [visitor(number) for number in range(CROWD + 1, 2 * CROWD + 1)]

    def work(number: int) -> Any:
        if number < CROWD:
            return waiting_list.offer_freed(now=LATER)
        return appointments.book(others[number - CROWD], wanted_slot(place[1], place[0]), now=LATER)

    outcome = race(2 * CROWD, work)

    # Either a worker was first, and one entry has the offer, or a visitor was, and nobody has one.
    offers = sum(made for made in outcome.returned if isinstance(made, int))
    booked_now = [made for made in outcome.returned if isinstance(made, Appointment)]
    assert offers + len(booked_now) == 1
    assert {type(error) for error in outcome.raised} <= {SlotTaken}
    assert WaitingOffer.objects.count() == offers
    assert Appointment.objects.occupying(LATER).count() == 1


def test_accepting_at_several_devices_at_once_books_once(freed: Appointment) -> None:
    waiting_list.offer_freed(now=LATER)
    request = waiters()[0]

    race(CROWD, lambda _: waiting_list.accept(request, now=LATER))

    assert Appointment.objects.active().get().request == request
    assert Activity.objects.filter(request=request, kind=ActivityKind.BOOKED).count() == 1


def test_accepting_at_the_last_moment_while_it_is_offered_on_has_one_winner(freed: Appointment) -> None:
    waiting_list.offer_freed(now=LATER)
    first, second = waiters()[:2]
    over = LATER + waiting_list.OFFER_FOR

    def work(number: int) -> Any:
        if number:
            return waiting_list.offer_freed(now=over)
        return waiting_list.accept(first, now=over - dt.timedelta(seconds=1))

    outcome = race(CROWD, work)

    winner = Appointment.objects.occupying(over).get()
    assert (winner.request, winner.status) in [
        (first, AppointmentStatus.CONFIRMED),
        (second, AppointmentStatus.HELD),
    ]
    assert {type(error) for error in outcome.raised} <= {SlotTaken, ChangedMeanwhile}
