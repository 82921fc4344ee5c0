"""What visitors book whose contact nobody has confirmed, and how it becomes theirs or is given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from consultations.booking import appointments, unconfirmed, waiting_list, waits
from consultations.booking.refusals import AlreadyBooked, TooManyUnconfirmed
from consultations.exceptions import ChangedMeanwhile
from consultations.models import Activity, Appointment, AppointmentType, ConsultationRequest, TimeCell, WaitingOffer
from consultations.privacy import selfservice
from consultations.statuses import ActivityKind, AppointmentStatus, MessageKind, Status
from content.models import Center
from tests import booking_factories as booking
from tests import factories
from tests.booking_factories import MONDAY
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=31)


def stranger(number: int = 1, **kwargs: str) -> ConsultationRequest:
    return booking.visitor(number, confirmed=False, **kwargs)


def place() -> tuple[Center, AppointmentType]:
    center = factories.make_center()
    booking.make_consultant(center)
    return center, booking.make_appointment_type()


def book(request: ConsultationRequest, where: tuple[Center, AppointmentType], number: int = 0) -> Appointment:
    start = MONDAY + dt.timedelta(minutes=30 * number)
    return appointments.book(request, booking.wanted_slot(where[1], where[0], starts_at=start), now=NOW)


def confirm(request: ConsultationRequest, *, now: dt.datetime = NOW, keep: str = "") -> Appointment | None:
    request.refresh_from_db()
    return unconfirmed.confirm_email(request, version=request.contact_version, now=now, keep=keep)


@time_machine.travel(NOW, tick=False)
def opened(client: Client, address: str) -> Any:
    """Return what a private link shows at this moment."""
    return client.get(address)


def test_book_by_somebody_unconfirmed_takes_the_time_for_thirty_minutes() -> None:
    booked = book(stranger(), place())

    assert booked.status == AppointmentStatus.UNCONFIRMED
    assert booked.hold_expires_at == NOW + dt.timedelta(minutes=30)
    assert TimeCell.objects.filter(appointment=booked).count() == 6
    kinds = booked.request.messages.exclude(kind__in=["visitor_received", "staff_new"]).values_list("kind", flat=True)
    assert list(kinds) == [MessageKind.VISITOR_CONFIRM]


def test_book_with_a_number_only_waits_for_the_desk_which_is_told() -> None:
    request = factories.make_request(email="", phone="+12025550143", phone_e164="+12025550143", confirmed=False)
    factories.make_clinic()

    booked = book(request, place())

    assert booked.status == AppointmentStatus.UNCONFIRMED
    assert booked.hold_expires_at is not None
    assert booked.hold_expires_at > NOW + dt.timedelta(hours=8)
    assert request.messages.filter(kind=MessageKind.STAFF_APPOINTMENT).count() == 1
    unconfirmed.confirm_phone(request, by=factories.make_staff(), now=NOW)
    booked.refresh_from_db()
    assert (booked.status, booked.hold_expires_at is None) == (AppointmentStatus.CONFIRMED, True)
    assert ActivityKind.PROVED in booking.history(request)


def test_confirm_phone_leaves_the_one_way_to_the_page_of_somebody_without_mail(client: Client) -> None:
    request = factories.make_request(email="", phone="+12025550143", phone_e164="+12025550143", confirmed=False)
    factories.make_clinic()
    book(request, place())
    held = request.get_private_url()

    unconfirmed.confirm_phone(request, by=factories.make_staff(), now=NOW)

    page = opened(client, held)
    assert (request.get_private_url(), page.status_code) == (held, 200)
    assert page.context["heading"] == "Your appointment is booked"


def test_confirm_phone_after_the_link_was_closed_opens_no_page(client: Client) -> None:
    request = factories.make_request(email="", phone="+12025550143", phone_e164="+12025550143", confirmed=False)
    factories.make_clinic()
    held, by = request.get_private_url(), factories.make_staff()
    selfservice.revoke_link(request, by=by, now=NOW)

    unconfirmed.confirm_phone(request, by=by, now=NOW)

    assert opened(client, held).status_code == 404
    assert request.phone_confirmed_at == NOW


def test_confirm_email_after_the_phone_replaces_the_link(client: Client) -> None:
    request = stranger(phone="+12025550143", phone_e164="+12025550143")
    unconfirmed.confirm_phone(request, by=factories.make_staff(), now=NOW)
    held = request.get_private_url()

    confirm(request)

    assert opened(client, held).status_code == 404


def test_confirm_email_confirms_address_and_time_and_replaces_the_private_link() -> None:
    request = stranger()
    book(request, place())
    before = request.link_id

    booked = confirm(request)

    assert booked is not None
    assert booked.status == AppointmentStatus.CONFIRMED
    assert (request.email_confirmed_at, request.status) == (NOW, Status.BOOKED)
    assert (request.former_link_id, request.link_id != before) == (before, True)
    assert request.messages.filter(kind=MessageKind.VISITOR_BOOKED).count() == 1


def test_confirm_email_works_once_and_not_for_another_address() -> None:
    request = stranger()
    confirm(request)

    with pytest.raises(ChangedMeanwhile):
        unconfirmed.confirm_email(request, version=0, now=NOW)
    assert request.contact_version == 1


def test_release_expired_lapses_what_was_not_confirmed_and_frees_its_cells() -> None:
    request = stranger()
    booked = book(request, place())

    assert unconfirmed.release_expired(now=NOW + dt.timedelta(minutes=29)) == 0
    assert unconfirmed.release_expired(now=LATER) == 1

    booked.refresh_from_db()
    assert booked.status == AppointmentStatus.LAPSED
    assert not TimeCell.objects.exists()
    assert booking.history(request)[-1] == ActivityKind.LAPSED
    assert confirm(request, now=LATER) is None
    assert request.email_confirmed_at == LATER


def test_a_time_that_was_not_confirmed_is_somebody_elses_at_once() -> None:
    where = place()
    book(stranger(1), where)

    other = appointments.book(booking.visitor(2), booking.wanted_slot(where[1], where[0]), now=LATER)

    assert other.status == AppointmentStatus.CONFIRMED
    assert Appointment.objects.filter(status=AppointmentStatus.LAPSED).count() == 1


def test_moving_does_not_lengthen_what_waits_and_sends_no_further_mail() -> None:
    where, request = place(), stranger()
    booked = book(request, where)

    moved = appointments.move(
        booked,
        booking.wanted_slot(where[1], where[0], starts_at=MONDAY + dt.timedelta(hours=1)),
        now=NOW + dt.timedelta(minutes=20),
    )

    assert (moved.status, moved.hold_expires_at) == (AppointmentStatus.UNCONFIRMED, NOW + dt.timedelta(minutes=30))
    assert request.messages.filter(appointment__isnull=False).count() == 1


def test_invented_addresses_get_three_times_of_a_day_and_confirmed_visitors_the_rest() -> None:
    where = place()
    for number in range(waits.MOST_A_DAY):
        book(stranger(number), where, number)

    with pytest.raises(TooManyUnconfirmed):
        book(stranger(8), where, 5)
    with pytest.raises(TooManyUnconfirmed):
        appointments.hold(
            stranger(9), booking.wanted_slot(where[1], where[0], starts_at=MONDAY + dt.timedelta(hours=3)), now=NOW
        )
    assert book(booking.visitor(10), where, 5).status == AppointmentStatus.CONFIRMED


def test_booking_under_somebodys_address_and_number_never_shuts_the_owner_out() -> None:
    where = place()
    contact = {"phone": "+12025550143", "phone_e164": "+12025550143"}
    book(stranger(1, **contact), where)

    owner = stranger(1, **contact)
    book(owner, where, 1)
    booked = confirm(owner)

    assert booked is not None
    assert booked.status == AppointmentStatus.CONFIRMED


def test_confirm_email_asks_which_of_two_appointments_stays() -> None:
    where, first, second = place(), booking.visitor(1), stranger(1)
    old = book(first, where)
    new = book(second, where, 1)

    with pytest.raises(AlreadyBooked):
        confirm(second)
    second.refresh_from_db()
    assert second.email_confirmed_at is None
    confirm(second, keep=unconfirmed.KEEP_NEW)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == (AppointmentStatus.CANCELLED, AppointmentStatus.CONFIRMED)
    assert first.person == second.person


def test_keeping_the_earlier_appointment_gives_the_new_time_back() -> None:
    where, first, second = place(), booking.visitor(1), stranger(1)
    old = book(first, where)
    new = book(second, where, 1)

    assert confirm(second, keep=unconfirmed.KEEP_OLD) is None

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == (AppointmentStatus.CONFIRMED, AppointmentStatus.CANCELLED)


def test_a_freed_time_is_offered_to_a_confirmed_address_only() -> None:
    where = booking.make_once_a_day()
    given = book(booking.visitor(1), where)
    booking.join(stranger(2), where)
    known = booking.join(booking.visitor(3), where)

    booking.give_up(given)
    waiting_list.offer_freed(now=NOW + dt.timedelta(hours=2))

    assert list(WaitingOffer.objects.values_list("entry", flat=True)) == [known.pk]


@pytest.mark.django_db(transaction=True)
def test_confirming_and_giving_back_at_once_have_one_outcome() -> None:
    where = place()

    def run(gate: Barrier, work: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            work()
        finally:
            connection.close()

    outcomes = set()
    for number in range(6):
        request = stranger(number)
        booked = book(request, where, number)
        gate = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = [
                pool.submit(run, gate, partial(confirm, request, now=LATER)),
                pool.submit(run, gate, partial(unconfirmed.release_expired, now=LATER)),
            ]
            [one.result() for one in done]
        booked.refresh_from_db()
        cells = TimeCell.objects.filter(appointment=booked).count()
        told = Activity.objects.filter(request=request, kind__in=[ActivityKind.BOOKED, ActivityKind.LAPSED])
        assert (booked.status, cells) in {(AppointmentStatus.CONFIRMED, 6), (AppointmentStatus.LAPSED, 0)}
        assert told.filter(kind=ActivityKind.LAPSED).count() == (booked.status == AppointmentStatus.LAPSED)
        outcomes.add(booked.status)
    assert outcomes
