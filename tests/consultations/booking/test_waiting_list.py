"""The waiting list: what becomes free is offered to one person at a time, and never won twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consultations.booking import appointments, waiting_list
from consultations.booking.refusals import SlotTaken
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.mail import messages
from consultations.models import (
    Activity,
    Appointment,
    AppointmentType,
    ConsultationRequest,
    Message,
    TimeCell,
    WaitingEntry,
)
from consultations.statuses import ActivityKind, AppointmentStatus, Channel, MessageKind, Status
from content.models import Center
from tests import factories
from tests.booking_factories import (
    MONDAY,
    give_up,
    join,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LATER = NOW + HOUR


def holds() -> list[int]:
    """Return which requests hold a time."""
    return list(Appointment.objects.held().values_list("request", flat=True))


def test_freed_time_is_held_for_the_first_who_waits_and_told_by_mail(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    first, second = visitor(2), visitor(3)
    join(first, place)
    join(second, place, now=NOW + dt.timedelta(minutes=1))
    give_up(booked)

    made = waiting_list.offer_freed(now=LATER)

    held = Appointment.objects.held().get()
    mail = Message.objects.get(kind=MessageKind.VISITOR_OFFER)
    assert (made, held.request, held.starts_at) == (1, first, MONDAY)
    assert held.hold_expires_at == LATER + waiting_list.OFFER_FOR
    assert (mail.request, mail.recipient, mail.appointment) == (first, first.email, held)
    assert Activity.objects.filter(request=first, kind=ActivityKind.WAITING).count() == 2


def test_offered_time_is_hidden_from_others_until_it_lapses(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    join(visitor(2), place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    with pytest.raises(SlotTaken):
        appointments.book(visitor(3), wanted_slot(place[1], place[0]), now=LATER)
    after = appointments.book(visitor(4), wanted_slot(place[1], place[0]), now=LATER + waiting_list.OFFER_FOR)

    assert after.starts_at == MONDAY


def test_offer_that_lapsed_goes_to_the_next_and_not_back(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    requests = [visitor(2), visitor(3)]
    for request in requests:
        join(request, place)
    give_up(booked)

    winners, now = [], LATER
    for _ in range(4):
        waiting_list.offer_freed(now=now)
        winners.append(list(Appointment.objects.occupying(now).values_list("request", flat=True)))
        now += waiting_list.OFFER_FOR

    assert winners == [[requests[0].pk], [requests[1].pk], [], []]


def test_nothing_is_offered_before_something_became_free(place: tuple[Center, AppointmentType]) -> None:
    join(visitor(1), place)

    assert waiting_list.offer_freed(now=LATER) == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {"until": MONDAY},
        {"center": "other"},
        {"appointment_type": "phone", "center": None},
        {"now": LATER + HOUR},
    ],
)
def test_what_does_not_fit_is_not_offered(place: tuple[Center, AppointmentType], wanted: dict[str, Any]) -> None:
    if wanted.get("center") == "other":
        wanted = wanted | {"center": factories.make_center()}
    if wanted.get("appointment_type") == "phone":
        make_consultant()
        wanted = wanted | {"appointment_type": make_appointment_type(channel=Channel.PHONE)}
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    join(visitor(2), place, **wanted)
    give_up(booked)

    assert waiting_list.offer_freed(now=LATER + 2 * HOUR) == 0


def test_who_gave_a_time_up_is_not_offered_it(place: tuple[Center, AppointmentType]) -> None:
    request = visitor(1)
    booked = appointments.book(request, wanted_slot(place[1], place[0]), now=NOW)
    join(request, place)
    give_up(booked)

    assert waiting_list.offer_freed(now=LATER) == 0


def test_offer_does_not_take_away_what_somebody_holds(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    join(request, place)
    give_up(booked)
    appointments.hold(request, wanted_slot(place[1], place[0], starts_at=MONDAY + DAY), now=LATER)

    made = waiting_list.offer_freed(now=LATER)

    assert (made, Appointment.objects.held().get().starts_at) == (0, MONDAY + DAY)


def test_accepting_books_and_ends_the_wait(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    join(request, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    taken = waiting_list.accept(request, now=LATER + waiting_list.OFFER_FOR - dt.timedelta(seconds=1))

    request.refresh_from_db()
    assert (taken.status, taken.starts_at, request.status) == (AppointmentStatus.CONFIRMED, MONDAY, Status.BOOKED)
    assert not WaitingEntry.objects.filter(ended_at=None).exists()


def test_accepting_moves_an_appointment_that_is_there(place: tuple[Center, AppointmentType]) -> None:
    early = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    late = appointments.book(request, wanted_slot(place[1], place[0], starts_at=MONDAY + DAY), now=NOW)
    join(request, place, until=late.starts_at, now=NOW + dt.timedelta(minutes=1))
    give_up(early)
    waiting_list.offer_freed(now=LATER)

    moved = waiting_list.accept(request, now=LATER)

    late.refresh_from_db()
    assert (moved.moved_from, moved.starts_at, late.status) == (late, MONDAY, AppointmentStatus.MOVED)
    assert (holds(), TimeCell.objects.count()) == ([], 6)


def test_offer_that_is_over_cannot_be_accepted(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    join(request, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    with pytest.raises(ChangedMeanwhile, match="offer is over"):
        waiting_list.accept(request, now=LATER + waiting_list.OFFER_FOR)


def test_leaving_gives_the_offer_back(place: tuple[Center, AppointmentType]) -> None:
    booked = appointments.book(visitor(1), wanted_slot(place[1], place[0]), now=NOW)
    request, other = visitor(2), visitor(3)
    join(request, place)
    join(other, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    left = [waiting_list.leave(request, now=LATER), waiting_list.leave(request, now=LATER)]
    waiting_list.offer_freed(now=LATER)

    assert (left, holds()) == ([True, False], [other.pk])


def test_joining_again_keeps_the_place_and_another_wish_loses_it(place: tuple[Center, AppointmentType]) -> None:
    request = visitor(1)
    first = join(request, place)

    again = join(request, place, now=LATER)
    other = join(request, place, until=MONDAY + DAY, now=LATER)

    assert (again, other.joined_at) == (first, LATER)
    assert list(WaitingEntry.objects.filter(ended_at=None)) == [other]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"until": NOW}, "within the next 60 days"),
        ({"until": NOW + 90 * DAY}, "within the next 60 days"),
        ({"center": None}, "Choose a center"),
    ],
)
def test_senseless_wish_is_refused_in_words(
    place: tuple[Center, AppointmentType], wanted: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotAllowed, match=words):
        join(visitor(1), place, **wanted)


def test_who_left_no_mail_address_is_told_so(place: tuple[Center, AppointmentType]) -> None:
    with pytest.raises(NotAllowed, match="mail address"):
        join(factories.make_request(email="", phone="+12025550143"), place)


@pytest.mark.parametrize("what", ["closed", "booked", "over"])
def test_wait_ends_by_itself(place: tuple[Center, AppointmentType], what: str) -> None:
    request, now = visitor(1), LATER
    join(request, place)
    if what == "closed":
        ConsultationRequest.objects.filter(pk=request.pk).update(status=Status.LOST)
    elif what == "booked":
        appointments.book(request, wanted_slot(place[1], place[0]), now=LATER)
    else:
        now = MONDAY + 5 * DAY

    waiting_list.offer_freed(now=now)

    assert WaitingEntry.objects.get().ended_at == now


def test_mail_names_the_time_and_its_end_and_no_other_person(place: tuple[Center, AppointmentType]) -> None:
    factories.make_clinic()
    leaky = factories.make_request(name="Leaky Name", email="leaky@visitor.example")
    booked = appointments.book(leaky, wanted_slot(place[1], place[0]), now=NOW)
    request = visitor(2)
    join(request, place)
    give_up(booked)
    waiting_list.offer_freed(now=LATER)

    mail = messages.build(Message.objects.get(kind=MessageKind.VISITOR_OFFER))

    assert "Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)" in f"{mail.subject} {mail.body}"
    assert "until Mon 16 Nov 2026, 10:00 (New York" in mail.body
    assert request.get_private_url() in mail.body
    assert "Leaky" not in f"{mail.body} {mail.alternatives[0][0]!s}"
    assert mail.attachments == []
