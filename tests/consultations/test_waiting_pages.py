"""The waiting list in a crowd, past the forms, and from the private page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations import booking, links, waiting
from consultations.exceptions import SlotTaken
from consultations.models import (
    Activity,
    Appointment,
    ConsultationRequest,
    VisitType,
    WaitingEntry,
    WaitingOffer,
)
from consultations.statuses import ActivityKind, AppointmentStatus
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_consultant, make_visit_type, visitor, wish
from tests.concurrency.racing import race
from tests.factories import NOW
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LATER = NOW + HOUR


@pytest.fixture
def place() -> tuple[Center, VisitType]:
    """A center with one consultant who has one free time a day, at ten on weekdays in New York."""
    center, visit_type = factories.make_center(), make_visit_type(minutes=30, interval_minutes=60)
    consultant = make_consultant(center, hours=False)
    for weekday in range(5):
        consultant.working_periods.create(center=center, weekday=weekday, starts=dt.time(10), ends=dt.time(10, 30))
    return center, visit_type


def join(request: ConsultationRequest, place: tuple[Center, VisitType], **kwargs: Any) -> WaitingEntry:
    """Put a request on the list for anything in the week of Monday."""
    defaults: dict[str, Any] = {"center": place[0], "visit_type": place[1], "until": MONDAY + 5 * DAY, "now": NOW}
    return waiting.join(request, **defaults | kwargs)


def give_up(appointment: Appointment, *, now: dt.datetime = LATER) -> None:
    """Cancel as staff do."""
    booking.cancel(appointment, by=factories.make_staff(), now=now)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_offer_once_and_one_of_a_crowd_wins(place: tuple[Center, VisitType]) -> None:
    booked = booking.book(visitor(0), wish(place[1], place[0]), now=NOW)
    waiters = [visitor(number) for number in range(1, 5)]
    for number, request in enumerate(waiters):
        join(request, place, now=NOW + number * dt.timedelta(seconds=1))
    others = [visitor(number) for number in range(5, 9)]
    give_up(booked)

    def work(number: int) -> Any:
        if number < 4:
            return waiting.offer_freed(now=LATER)
        return booking.book(others[number - 4], wish(place[1], place[0]), now=LATER)

    outcome = race(8, work)

    # Either a worker was first, and one entry has the offer, or a visitor was, and nobody has one.
    offers = sum(made for made in outcome.returned if isinstance(made, int))
    booked_now = [made for made in outcome.returned if isinstance(made, Appointment)]
    assert offers + len(booked_now) == 1
    assert {type(error) for error in outcome.raised} <= {SlotTaken}
    assert WaitingOffer.objects.count() == offers
    assert Appointment.objects.occupying(LATER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_books_once(place: tuple[Center, VisitType]) -> None:
    booked = booking.book(visitor(0), wish(place[1], place[0]), now=NOW)
    request = visitor(1)
    join(request, place)
    give_up(booked)
    waiting.offer_freed(now=LATER)

    race(4, lambda number: waiting.accept(request, now=LATER))

    assert Appointment.objects.active().count() == 1
    assert Activity.objects.filter(request=request, kind=ActivityKind.BOOKED).count() == 1


def test_database_refuses_a_second_entry(place: tuple[Center, VisitType]) -> None:
    entry = join(visitor(1), place)

    with refused_by("consultations_waitingentry_one_per_request"):
        WaitingEntry.objects.create(request=entry.request, visit_type=place[1], until=MONDAY, joined_at=NOW)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("consultations_waitingentry_until_later", {"until": NOW}),
        ("consultations_waitingentry_ends_after_joining", {"ended_at": NOW - HOUR}),
    ],
)
def test_database_refuses_an_entry_out_of_order(
    place: tuple[Center, VisitType], name: str, values: dict[str, Any]
) -> None:
    defaults = {"request": visitor(1), "visit_type": place[1], "until": MONDAY, "joined_at": NOW}

    with refused_by(name):
        WaitingEntry.objects.create(**defaults | values)


def write_offers(entry: WaitingEntry, *, times: int, lasting: dt.timedelta) -> None:
    """Offer one freed time several times over."""
    freed = make_appointment(status=AppointmentStatus.CANCELLED, cells=False)
    for _ in range(times):
        WaitingOffer.objects.create(
            entry=entry, freed=freed, starts_at=MONDAY, offered_at=NOW, expires_at=NOW + lasting
        )


@pytest.mark.parametrize(
    ("name", "times", "lasting"),
    [("consultations_waitingoffer_once", 2, HOUR), ("consultations_waitingoffer_lasts", 1, dt.timedelta())],
)
def test_database_refuses_a_senseless_offer(
    place: tuple[Center, VisitType], name: str, times: int, lasting: dt.timedelta
) -> None:
    entry = join(visitor(1), place)

    with refused_by(name):
        write_offers(entry, times=times, lasting=lasting)


def address(request: ConsultationRequest, which: str) -> str:
    """Return the address of a button of the private page."""
    return reverse(f"consultations:waiting-{which}", args=[links.token_for(request.link_id)])


def test_visitor_joins_and_leaves_by_the_private_link(
    client: Client, place: tuple[Center, VisitType], time_machine: Any
) -> None:
    time_machine.move_to(NOW)
    factories.make_clinic()
    request = visitor(1, center=place[0])
    sent = {"visit": place[1].slug, "center": place[0].slug, "last_day": "2026-11-23"}

    joined = client.post(address(request, "join"), sent)
    entry = WaitingEntry.objects.get()
    left = client.post(address(request, "leave"))

    # The day is over at midnight in New York.
    assert entry.until == dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)
    assert [answer.headers["Location"] for answer in (joined, left)] == [
        f"{request.get_private_url()}?done=waiting",
        f"{request.get_private_url()}?done=waiting-left",
    ]
    assert [client.get(address(request, which)).status_code for which in ("join", "leave", "take")] == [302] * 3


@pytest.mark.parametrize("last_day", ["", "soon", "2026-11-01", "9999-12-31", "\x00"])
def test_day_that_does_not_help_is_refused_with_what_was_typed(
    client: Client, place: tuple[Center, VisitType], time_machine: Any, last_day: str
) -> None:
    time_machine.move_to(NOW)
    factories.make_clinic()
    request = visitor(1, center=place[0])

    answer = client.post(
        address(request, "join"), {"visit": place[1].slug, "center": place[0].slug, "last_day": last_day}
    )

    assert (answer.status_code, WaitingEntry.objects.count()) == (409, 0)
    assert len(answer.context["said"]) == 1


def test_visitor_takes_the_offer_once(client: Client, place: tuple[Center, VisitType], time_machine: Any) -> None:
    time_machine.move_to(LATER)
    factories.make_clinic()
    booked = booking.book(visitor(1), wish(place[1], place[0]), now=NOW)
    request = visitor(2, center=place[0])
    join(request, place)
    give_up(booked)
    waiting.offer_freed(now=LATER)

    taken = client.post(address(request, "take"))
    again = client.post(address(request, "take"))

    assert (taken.status_code, taken.headers["Location"]) == (303, f"{request.get_private_url()}?done=booked")
    assert (again.status_code, Appointment.objects.active().count()) == (409, 1)


def test_pages_show_the_queue_and_the_offer_to_whoever_has_the_link(
    client: Client, place: tuple[Center, VisitType], time_machine: Any
) -> None:
    time_machine.move_to(LATER)
    factories.make_clinic()
    booked = booking.book(visitor(1), wish(place[1], place[0]), now=NOW)
    request, other = visitor(2, center=place[0]), visitor(3, center=place[0])
    join(request, place)
    give_up(booked)
    waiting.offer_freed(now=LATER)

    pages = [client.get(one.get_private_url()).content.decode() for one in (request, other)]
    times = client.get(reverse("consultations:times", args=[links.token_for(other.link_id)])).content.decode()

    assert ["Take this time" in page for page in pages] == [True, False]
    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)" in pages[0]
    assert "Join the waiting list" in times
    assert "2026-11-23T15:00Z" not in times
