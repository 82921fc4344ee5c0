"""The waiting list past the forms, and from the private page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.booking import appointments, waiting_list
from consultations.links import private_link
from consultations.mail import messages
from consultations.models import (
    Appointment,
    AppointmentType,
    ConsultationRequest,
    Message,
    WaitingEntry,
    WaitingOffer,
)
from consultations.statuses import AppointmentStatus, Channel, MessageKind
from content.models import Center
from tests import factories
from tests.booking_factories import (
    MONDAY,
    give_up,
    join,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.factories import NOW
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LATER = NOW + HOUR


def test_database_refuses_a_second_entry(place: tuple[Center, AppointmentType]) -> None:
    entry = join(visitor(1), place)

    with refused_by("consultations_waitingentry_one_per_request"):
        WaitingEntry.objects.create(request=entry.request, appointment_type=place[1], until=MONDAY, joined_at=NOW)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("consultations_waitingentry_until_later", {"until": NOW}),
        ("consultations_waitingentry_ends_after_joining", {"ended_at": NOW - HOUR}),
    ],
)
def test_database_refuses_an_entry_out_of_order(
    place: tuple[Center, AppointmentType], name: str, values: dict[str, Any]
) -> None:
    defaults = {"request": visitor(1), "appointment_type": place[1], "until": MONDAY, "joined_at": NOW}

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
    place: tuple[Center, AppointmentType], name: str, times: int, lasting: dt.timedelta
) -> None:
    entry = join(visitor(1), place)

    with refused_by(name):
        write_offers(entry, times=times, lasting=lasting)


def address(request: ConsultationRequest, which: str) -> str:
    """Return the address of a button of the private page."""
    return reverse(f"consultations:waiting-{which}", args=[private_link.token_for(request.link_id)])


def test_visitor_joins_and_leaves_by_the_private_link(
    client: Client, place: tuple[Center, AppointmentType], time_machine: Any
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


def test_last_day_is_over_on_the_clock_that_the_list_was_on(client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    factories.make_clinic(time_zone="America/New_York")
    make_consultant()
    visit = make_appointment_type(channel=Channel.PHONE)
    ends = {}
    for number, zone in enumerate(["", "Europe/Paris"]):
        request = visitor(number, center=factories.make_center(time_zone="Asia/Tokyo"))
        client.post(address(request, "join"), {"visit": visit.slug, "last_day": "2026-11-23", "zone": zone})
        ends[zone] = WaitingEntry.objects.get(request=request).until

    assert ends == {
        "": dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC),
        "Europe/Paris": dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC),
    }


def test_call_is_offered_on_the_visitors_clock_in_mail_and_page_and_stays_on_it(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to(LATER)
    factories.make_clinic(time_zone="America/New_York")
    make_consultant(time_zone="Australia/Sydney")
    visit, request = make_appointment_type(channel=Channel.PHONE), visitor(2)
    night = dt.datetime(2026, 11, 22, 22, tzinfo=dt.UTC)
    freed = appointments.book(visitor(1), wanted_slot(visit, starts_at=night), now=NOW)
    appointments.book(request, wanted_slot(visit, starts_at=night + DAY, visitor_zone="Europe/Paris"), now=NOW)
    join(request, (None, visit), now=NOW + dt.timedelta(minutes=1))
    give_up(freed)
    waiting_list.offer_freed(now=LATER)

    mail = messages.build(Message.objects.get(kind=MessageKind.VISITOR_OFFER)).body
    page = client.get(request.get_private_url()).content.decode()
    taken = waiting_list.accept(request, now=LATER)

    said = "Sun 22 Nov 2026, 23:00 (Paris, UTC+01:00)"
    assert [said in mail, said in page] == [True, True]
    assert ["Sydney" in mail, "Sydney" in page] == [False, False]
    assert (taken.visitor_zone, taken.zone.key) == ("Europe/Paris", "Europe/Paris")


@pytest.mark.parametrize("last_day", ["", "soon", "2026-11-01", "9999-12-31", "\x00"])
def test_day_that_does_not_help_is_refused_with_what_was_typed(
    client: Client, place: tuple[Center, AppointmentType], time_machine: Any, last_day: str
) -> None:
    time_machine.move_to(NOW)
    factories.make_clinic()
    request = visitor(1, center=place[0])

    answer = client.post(
        address(request, "join"), {"visit": place[1].slug, "center": place[0].slug, "last_day": last_day}
    )

    assert (answer.status_code, WaitingEntry.objects.count()) == (409, 0)
    assert len(answer.context["said"]) == 1


def test_visitor_takes_the_offer_once(client: Client, place: tuple[Center, AppointmentType], time_machine: Any) -> None:
    time_machine.move_to(LATER)
    factories.make_clinic()
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2, center=place[0])
    join(request, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    taken = client.post(address(request, "take"))
    again = client.post(address(request, "take"))

    assert (taken.status_code, taken.headers["Location"]) == (303, f"{request.get_private_url()}?done=booked")
    assert (again.status_code, Appointment.objects.active().count()) == (409, 1)


def test_pages_show_the_queue_and_the_offer_to_whoever_has_the_link(
    client: Client, place: tuple[Center, AppointmentType], time_machine: Any
) -> None:
    time_machine.move_to(LATER)
    factories.make_clinic()
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request, other = visitor(2, center=place[0]), visitor(3, center=place[0])
    join(request, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    pages = [client.get(one.get_private_url()).content.decode() for one in (request, other)]
    times = client.get(reverse("consultations:times", args=[private_link.token_for(other.link_id)])).content.decode()

    assert ["Take this time" in page for page in pages] == [True, False]
    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)" in pages[0]
    assert "Join the waiting list" in times
    assert "2026-11-23T15:00Z" not in times
