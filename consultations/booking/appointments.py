"""The booking verbs: hold, release, book, confirm, decline, move, cancel, record the outcome.

How a time is given once. The unique key of `TimeCell` decides, and nothing else has to: whoever inserts a cell second is
refused by the database, and the refusal leaves the transaction as `SlotTaken` and rolls it back. Held and pending
appointments have cells like confirmed ones. A verb writes the appointment, its cells, its line of history and the status of
the request in one transaction, or nothing of it.

Lock rules (PostgreSQL; on SQLite a transaction has the whole database to itself from its beginning):

1. In this order: the person, the request, the consultants by id, the appointments, the cells.
2. Locked is what gets scarcer, before the rules are asked, so that daily caps, turns and "one appointment per person" hold
   too; those are rules, and unlike the cells they rest on these locks.
3. Freeing locks no consultant.
4. Rows are locked FOR NO KEY UPDATE: history may be written about them meanwhile.

`by` is the member of staff who acts; None is the visitor, whose request it is. Doing again what is done already writes
nothing and is no error, so that a form sent twice tells no lie.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from consultations.booking import occupancy, waits
from consultations.booking.following import follow, how, note
from consultations.booking.refusals import AlreadyBooked, TooEarly, TooLate
from consultations.booking.reservation import (
    Alternatives,
    Reservation,
    WantedSlot,
    change,
    hold_of,
    refuse_closed,
    refuse_second,
    same_as,
    take,
)
from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.mail import appointment_mails
from consultations.models import Appointment, ConsultationRequest
from consultations.requests import moving, next_steps
from consultations.requests.locks import lock_request, lock_unerased
from consultations.statuses import ACTIVE, OUTCOMES, ActivityKind, AppointmentStatus, Status

__all__ = [
    "HOLD_FOR",
    "WantedSlot",
    "book",
    "cancel",
    "confirm",
    "decline",
    "hold",
    "move",
    "record_outcome",
    "release",
]

HOLD_FOR = dt.timedelta(minutes=10)


def hold(
    request: ConsultationRequest, wanted_slot: WantedSlot, *, now: dt.datetime, lasting: dt.timedelta = HOLD_FOR
) -> Appointment:
    """Keep a time for a request for some minutes. A request holds one: another is given up for it, the same is renewed.

    What the request has booked stays booked and counts as taken; moving needs no hold.

    Raises:
        NotOffered: the rules do not offer this time; SlotTaken, which is one: somebody else has it. Both name others.
        NotAllowed, Erased, ChangedMeanwhile: nobody works on the request any more.
    """
    with Alternatives(request, wanted_slot, now), transaction.atomic():
        locked = lock_request(request.pk)
        refuse_closed(locked)
        reservation = Reservation(
            wanted_slot, AppointmentStatus.HELD, None, now, hold=hold_of(locked), hold_for=lasting
        )
        held = take(locked, reservation)
        if occupancy.is_noted(held.request_id):
            minutes = round(lasting / dt.timedelta(minutes=1))
            note(held, ActivityKind.HELD, f"Held for {minutes} minutes: {held.in_words}.", now)
    return held


def release(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Give back the time a request holds; return whether there was one."""
    with transaction.atomic():
        lock_request(request.pk)
        return bool(occupancy.drop_holds(Appointment.objects.held().filter(request=request), now=now))


def book(
    request: ConsultationRequest, wanted_slot: WantedSlot, *, by: User | None = None, now: dt.datetime
) -> Appointment:
    """Book a time, with or without having held it; where the kind of visit asks for it, it waits for confirmation.

    What somebody books whose contact is not confirmed waits for that, for a while: see waits.py. What staff book waits for nobody. With `wanted_slot.override` they set the rules aside; row and history say which and why.

    Raises:
        NotOffered: the rules do not offer this time; SlotTaken, which is one: somebody else has it. Both name others.
        AlreadyBooked: the request, or the person behind it, has an appointment that can be moved instead.
        NotAllowed, Erased, ChangedMeanwhile: nobody works on the request any more.
    """
    _check_override(wanted_slot, by)
    with Alternatives(request, wanted_slot, now), transaction.atomic():
        locked = lock_request(request.pk, with_person=True)
        refuse_closed(locked, by=by)
        if same := same_as(locked, wanted_slot):
            return same
        refuse_second(locked, wanted_slot, now)
        booked = take(locked, _taking(locked, wanted_slot, by, now))
        note(booked, ActivityKind.BOOKED, f"{booked.in_words}. {how(booked)}", now, by)
        follow(locked, booked, by, now)
    return booked


def confirm(appointment: Appointment, *, by: User, now: dt.datetime) -> Appointment:
    """Confirm an appointment that waits for it.

    Raises:
        ChangedMeanwhile: it does not wait any more, and is not confirmed either.
    """
    with transaction.atomic():
        locked = lock_request(appointment.request_id)
        # A new number, because the visitor's calendar has it as tentative.
        number = {"sequence": F("sequence") + 1}
        if change(appointment, AppointmentStatus.CONFIRMED, now, seen={AppointmentStatus.PENDING}, **number):
            note(appointment, ActivityKind.CONFIRMED, f"{appointment.in_words}.", now, by)
            follow(locked, appointment, by, now)
    return appointment


def decline(appointment: Appointment, *, by: User, now: dt.datetime, reason: str) -> Appointment:
    """Turn down an appointment that waits for confirmation; its time is free again.

    Raises:
        ReasonMissing: there is no reason given.
        ChangedMeanwhile: it does not wait any more, and is not cancelled either.
        Erased: the request was erased.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the appointment is declined.")
    return _give_up(appointment, ActivityKind.DECLINED, {AppointmentStatus.PENDING}, by, now, reason)


def cancel(
    appointment: Appointment, *, by: User | None = None, now: dt.datetime, reason: str = "", late: bool = False
) -> Appointment:
    """Cancel an appointment: the row stays, its time is free again, and the request goes back to the desk; `late`: however near.

    Raises:
        TooLate: the visitor may not change it alone any more.
        ChangedMeanwhile: it was moved, or has an outcome.
        Erased: the request was erased.
    """
    return _give_up(appointment, ActivityKind.CANCELLED, ACTIVE, by, now, reason, late=late)


def move(appointment: Appointment, wanted_slot: WantedSlot, *, by: User | None = None, now: dt.datetime) -> Appointment:
    """Take another time and then give up the old one; where that fails the old appointment stands as it was.

    The new row names the old one, shares its `uid` and has the next `sequence`. The two times may overlap. What a visitor
    moves waits for confirmation where it did before or its kind asks for it; what staff move does not.

    Raises:
        NotOffered: the rules do not offer this time; SlotTaken, which is one: somebody else has it. Both name others.
        TooLate: the visitor may not change it alone any more.
        ChangedMeanwhile: it was cancelled, moved to another time, or has an outcome.
        NotAllowed, Erased: nobody works on the request any more.
    """
    _check_override(wanted_slot, by)
    with Alternatives(appointment.request, wanted_slot, now, appointment), transaction.atomic():
        locked = lock_request(appointment.request_id, with_person=True)
        refuse_closed(locked, by=by)
        if (same := _already_at(appointment, wanted_slot)) is not None:
            return same
        _refuse_late(appointment, by, now)
        refuse_second(locked, wanted_slot, now, old=appointment)
        moved = take(locked, _taking(locked, wanted_slot, by, now, old=appointment))
        note(moved, ActivityKind.MOVED, f"From {appointment.in_words} to {moved.in_words}. {how(moved)}", now, by)
        follow(locked, moved, by, now)
    return moved


def record_outcome(appointment: Appointment, *, outcome: AppointmentStatus, by: User, now: dt.datetime) -> Appointment:
    """Record that a visitor came (ATTENDED) or did not (NO_SHOW); CONFIRMED takes that back.

    Raises:
        TooEarly: it has not begun.
        NotAllowed: `outcome` is none of the three.
        AlreadyBooked: it cannot be taken back, because the request has another appointment by now.
        ChangedMeanwhile: it was moved or cancelled, or still waits for confirmation.
    """
    if outcome not in OUTCOMES | {AppointmentStatus.CONFIRMED}:
        raise NotAllowed("An appointment was attended or not; nothing else can be recorded.")
    if now < appointment.starts_at:
        raise TooEarly("This can be recorded once the appointment has begun.")
    with transaction.atomic():
        locked = lock_request(appointment.request_id)
        if outcome == AppointmentStatus.CONFIRMED:
            other = Appointment.objects.active().filter(request=locked).exclude(pk=appointment.pk).first()
            if other is not None:
                raise AlreadyBooked(other)
        if change(appointment, outcome, now, seen=OUTCOMES | {AppointmentStatus.CONFIRMED}):
            note(appointment, ActivityKind.OUTCOME, f"{outcome.label}: {appointment.in_words}.", now, by)
            next_steps.follow_appointment(locked, now=now)
    return appointment


def _give_up(
    appointment: Appointment,
    kind: ActivityKind,
    seen: Set[AppointmentStatus],
    by: User | None,
    now: dt.datetime,
    reason: str,
    *,
    late: bool = False,
) -> Appointment:
    with transaction.atomic():
        locked = lock_unerased(appointment.request_id)
        appointment.refresh_from_db()
        if not late:
            _refuse_late(appointment, by, now)
        fields = {"cancel_reason": reason.strip(), "sequence": F("sequence") + 1}
        if change(appointment, AppointmentStatus.CANCELLED, now, seen=seen, **fields):
            occupancy.free(appointment)
            note(appointment, kind, f"{appointment.in_words}. {reason}".strip(), now, by)
            appointment_mails.tell(appointment, by=by, now=now, declined=kind == ActivityKind.DECLINED)
            if locked.status == Status.BOOKED:
                # Whom nobody has spoken with yet is waiting for us again.
                back = Status.REACHED if by is not None or locked.first_contact_at else Status.NEW
                moving.move(locked, to=back, by=by, seen=Status.BOOKED, now=now, reason="The appointment was given up.")
    return appointment


def _already_at(appointment: Appointment, wanted_slot: WantedSlot) -> Appointment | None:
    """Return the appointment where it is, or has been moved, to what is wished.

    Raises:
        ChangedMeanwhile: it is not active any more.
    """
    appointment.refresh_from_db()
    stands = appointment
    if appointment.status == AppointmentStatus.MOVED:
        stands = appointment.moved_to
    wanted = (
        wanted_slot.starts_at,
        wanted_slot.appointment_type.pk,
        wanted_slot.center.pk if wanted_slot.center else None,
    )
    there = (stands.starts_at, stands.appointment_type_id, stands.center_id) == wanted
    if (
        stands.status in ACTIVE
        and there
        and (wanted_slot.consultant is None or wanted_slot.consultant.pk == stands.consultant_id)
    ):
        return stands
    if appointment.status not in ACTIVE:
        raise ChangedMeanwhile(f"Meanwhile it stands: {appointment.get_status_display()}. Nothing was saved.")
    return None


def _refuse_late(appointment: Appointment, by: User | None, now: dt.datetime) -> None:
    if by is None and appointment.status in ACTIVE and not appointment.is_changeable(now):
        raise TooLate("It is too close to the appointment to change it here. Please call us.")


def _taking(
    request: ConsultationRequest,
    wanted_slot: WantedSlot,
    by: User | None,
    now: dt.datetime,
    *,
    old: Appointment | None = None,
) -> Reservation:
    """Return the attempt; a visitor whose contact is not confirmed has a time until it is, or until that is over."""
    status = AppointmentStatus.CONFIRMED if by else waits.becomes(request, wanted_slot.appointment_type, old=old)
    lasting = None
    if status == AppointmentStatus.UNCONFIRMED:
        # Moving lengthens nothing.
        end = old.hold_expires_at if old and old.hold_expires_at else waits.until(request, wanted_slot.starts_at, now)
        lasting = min(end, wanted_slot.starts_at) - now
        if lasting <= dt.timedelta(0):
            raise ChangedMeanwhile("It was not confirmed in time. Choose a time again.")
    return Reservation(wanted_slot, status, by, now, hold=hold_of(request), old=old, hold_for=lasting)


def _check_override(wanted_slot: WantedSlot, by: User | None) -> None:
    if wanted_slot.override and by is None:
        raise NotAllowed("Only staff can set the rules aside.")
