"""Booking a time: it works, is refused, is done already, is gone."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import appointments
from consultations.booking.availability import ReasonKind
from consultations.booking.refusals import AlreadyBooked, NotOffered, SlotTaken
from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.models import Activity, Appointment, ConsultationRequest
from consultations.statuses import ActivityKind, AppointmentStatus, Channel, Status
from tests import factories
from tests.booking_factories import (
    MONDAY,
    cells_of,
    history,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)

pytestmark = pytest.mark.django_db

NOW = factories.NOW
HALF_HOUR = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)


def test_book_writes_appointment_cells_history_and_status() -> None:
    center, appointment_type = (
        factories.make_center(name="Boston"),
        make_appointment_type(buffer_before=10, buffer_after=5),
    )
    consultant, request = make_consultant(center, public_name="Ana"), visitor(1)

    booked = appointments.book(request, wanted_slot(appointment_type, center, visitor_zone="Europe/Athens"), now=NOW)

    request.refresh_from_db()
    assert (booked.status, booked.consultant, booked.channel) == ("confirmed", consultant, Channel.IN_PERSON)
    assert (booked.starts_at, booked.ends_at) == (MONDAY, MONDAY + HALF_HOUR)
    assert (booked.busy_from, booked.busy_until) == (MONDAY - 10 * MINUTE, MONDAY + 35 * MINUTE)
    assert cells_of(booked) == [MONDAY + n * 5 * MINUTE for n in range(-2, 7)]
    assert (booked.booked_by, booked.overridden, booked.sequence) == (None, False, 0)
    assert booked.assignment_reason == "Only one consultant was free."
    assert booked.in_words == "Mon 23 Nov 2026, 10:00 EST (15:00 UTC) with Ana at Boston"
    assert history(request) == [ActivityKind.BOOKED, ActivityKind.STATUS]
    assert (request.status, request.first_contact_at) == (Status.BOOKED, None)


def test_book_needs_confirmation_waits_and_takes_the_time() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type(needs_confirmation=True)
    make_consultant(center)
    request = visitor(1)

    booked = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)

    request.refresh_from_db()
    assert (booked.status, request.status) == (AppointmentStatus.PENDING, Status.NEW)
    with pytest.raises(SlotTaken):
        appointments.book(visitor(2), wanted_slot(appointment_type, center), now=NOW)


def test_book_by_staff_waits_for_nobody_and_is_contact() -> None:
    center, appointment_type, staff = (
        factories.make_center(),
        make_appointment_type(needs_confirmation=True),
        factories.make_staff(),
    )
    make_consultant(center)
    request = visitor(1)

    booked = appointments.book(request, wanted_slot(appointment_type, center), by=staff, now=NOW)

    request.refresh_from_db()
    assert (booked.status, booked.booked_by) == (AppointmentStatus.CONFIRMED, staff)
    assert (request.status, request.first_contact_at) == (Status.BOOKED, NOW)


def test_book_taken_names_nearest_times_and_writes_nothing() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW)
    late = visitor(2)

    with pytest.raises(SlotTaken) as refusal:
        appointments.book(late, wanted_slot(appointment_type, center), now=NOW)

    starts = [(offer.starts_at - MONDAY) / HALF_HOUR for offer in refusal.value.alternatives]
    assert starts == [-1, 1, -2, 2, 3]
    assert (Appointment.objects.count(), history(late)) == (1, [])


def test_book_inside_notice_is_refused_to_visitors_with_reasons() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)

    with pytest.raises(NotOffered) as refusal:
        appointments.book(visitor(1), wanted_slot(appointment_type, center), now=MONDAY - 59 * MINUTE)

    assert type(refusal.value) is NotOffered
    assert [reason.why for reason in refusal.value.reasons] == [ReasonKind.TOO_SOON]
    assert refusal.value.alternatives[0].starts_at == MONDAY + HALF_HOUR


def test_book_override_is_recorded_with_what_was_set_aside() -> None:
    center, appointment_type, staff = factories.make_center(), make_appointment_type(), factories.make_staff()
    make_consultant(center)
    request = visitor(1)

    booked = appointments.book(
        request, wanted_slot(appointment_type, center, override="Comes from far."), by=staff, now=MONDAY - 59 * MINUTE
    )

    expected = "Comes from far. (Visitors book at least 60 minutes ahead.)"
    assert (booked.overridden, booked.override_reason) == (True, expected)
    assert expected in Activity.objects.get(request=request, kind=ActivityKind.BOOKED).text


def test_book_override_that_sets_nothing_aside_is_none() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)

    booked = appointments.book(
        visitor(1), wanted_slot(appointment_type, center, override="In case."), by=factories.make_staff(), now=NOW
    )

    assert (booked.overridden, booked.override_reason) == (False, "")


@pytest.mark.parametrize("named", [True, False])
def test_book_override_never_overrides_what_is_taken(*, named: bool) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    consultant = make_consultant(center)
    make_appointment(consultant=consultant, starts_at=MONDAY + 15 * MINUTE)
    wanted = wanted_slot(appointment_type, center, override="Urgent.", consultant=consultant if named else None)

    with pytest.raises(SlotTaken):
        appointments.book(visitor(1), wanted, by=factories.make_staff(), now=NOW)

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("starts_at", "why"),
    [(NOW - HALF_HOUR, ReasonKind.PAST), (MONDAY + 2 * MINUTE, ReasonKind.OFF_GRID)],
)
def test_book_override_has_ends(starts_at: dt.datetime, why: ReasonKind) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)

    with pytest.raises(NotOffered) as refusal:
        appointments.book(
            visitor(1),
            wanted_slot(appointment_type, center, starts_at=starts_at, override="Urgent."),
            by=factories.make_staff(),
            now=NOW,
        )

    assert why in [reason.why for reason in refusal.value.reasons]


def test_book_override_by_visitor_is_refused() -> None:
    with pytest.raises(NotAllowed):
        appointments.book(
            visitor(1), wanted_slot(make_appointment_type(), factories.make_center(), override="Please."), now=NOW
        )


def test_book_same_again_is_the_same() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    first = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)

    again = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)

    assert (again, history(request)) == (first, [ActivityKind.BOOKED, ActivityKind.STATUS])


def test_book_second_of_a_request_is_refused_even_to_staff() -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    first = appointments.book(request, wanted_slot(appointment_type, center), now=NOW)
    other = wanted_slot(appointment_type, center, starts_at=MONDAY + HALF_HOUR, override="Urgent.")

    with pytest.raises(AlreadyBooked) as refusal:
        appointments.book(request, other, by=factories.make_staff(), now=NOW)

    assert refusal.value.existing == first


def test_book_second_of_a_person_is_refused_unless_overridden() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    appointments.book(
        factories.make_request(email="ada+one@visitor.example"), wanted_slot(appointment_type, center), now=NOW
    )
    again = factories.make_request(email="ADA@visitor.example")
    later = {"starts_at": MONDAY + HALF_HOUR}

    with pytest.raises(AlreadyBooked):
        appointments.book(again, wanted_slot(appointment_type, center, **later), now=NOW)
    booked = appointments.book(
        again, wanted_slot(appointment_type, center, override="Two knees.", **later), by=factories.make_staff(), now=NOW
    )

    assert booked.status == AppointmentStatus.CONFIRMED


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"status": Status.SPAM}, NotAllowed), ({"status": Status.LOST}, NotAllowed), ({"erased_at": NOW}, Erased)],
)
def test_book_closed_request_is_refused(change: dict[str, object], refusal: type[Exception]) -> None:
    center, appointment_type, request = factories.make_center(), make_appointment_type(), visitor(1)
    make_consultant(center)
    ConsultationRequest.objects.filter(pk=request.pk).update(**change)

    with pytest.raises(refusal):
        appointments.book(request, wanted_slot(appointment_type, center), now=NOW)


def test_book_request_that_is_gone() -> None:
    request = visitor(1)
    factories.delete_past_the_guards(request)

    with pytest.raises(ChangedMeanwhile):
        appointments.book(request, wanted_slot(make_appointment_type(), factories.make_center()), now=NOW)


def test_book_takes_turns_and_leaves_out_who_is_away() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    team = [make_consultant(center) for _ in range(3)]
    away = make_consultant(center)
    away.leaves.create(starts_at=NOW, ends_at=NOW + dt.timedelta(days=90))
    times = [MONDAY + dt.timedelta(days=day) + step * HALF_HOUR for day in range(3) for step in range(10)]

    booked = [
        appointments.book(visitor(n), wanted_slot(appointment_type, center, starts_at=start), now=NOW + n * MINUTE)
        for n, start in enumerate(times)
    ]

    counts = [sum(one.consultant == consultant for one in booked) for consultant in [*team, away]]
    assert counts == [10, 10, 10, 0]
    assert booked[0].assignment_reason.endswith(
        "of 3 who were free: as few visits as others (0), longest without a new one."
    )
