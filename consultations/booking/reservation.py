"""The steps that booking, moving and holding share: check the rules, choose the consultant, write row and cells.

The lock rules stand there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import IntegrityError

from consultations.booking import assignment, occupancy, schedule, waits
from consultations.booking.availability import OVERRIDABLE, Reason, ReasonKind, Slot
from consultations.booking.refusals import AlreadyBooked, NotOffered, SlotTaken
from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.models import Appointment, AppointmentType, Consultant, ConsultationRequest
from consultations.statuses import ACTIVE, EXPIRING, LIVE, TRANSITIONS, AppointmentStatus, Status
from content.models import Center

# Somebody or something else was quicker: the time itself was a good one.
LOST = frozenset({ReasonKind.TAKEN, ReasonKind.DAY_FULL, ReasonKind.KIND_FULL})
NO_OVERLAP = "consultations_appointment_no_overlap"


@dataclass(frozen=True)
class WantedSlot:
    """A time that somebody wants.

    Attributes:
        appointment_type: the kind of visit.
        starts_at: when (UTC).
        center: where; None for phone and video.
        consultant: with whom; None for whoever is free and has the fewest visits.
        visitor_zone: the time zone the visitor saw, such as Europe/Paris.
        override: why staff set the rules aside; empty: they apply. What is taken stays taken.
    """

    appointment_type: AppointmentType
    starts_at: dt.datetime
    center: Center | None = None
    consultant: Consultant | None = None
    visitor_zone: str = ""
    override: str = ""

    @classmethod
    def like(cls, appointment: Appointment, starts_at: dt.datetime, *, override: str = "") -> Self:
        """Return the wish for the same visit at another time; the consultant may be another."""
        return cls(
            appointment_type=appointment.appointment_type,
            starts_at=starts_at,
            center=appointment.center,
            visitor_zone=appointment.visitor_zone,
            override=override,
        )


@dataclass(frozen=True)
class Choice:
    """Who takes a visit, why they, and what was set aside for it."""

    consultant: int
    why: str
    set_aside: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Reservation:
    """One attempt: a wish as what it is to become, by whom, and what it replaces."""

    wanted_slot: WantedSlot
    status: AppointmentStatus
    by: User | None
    now: dt.datetime
    hold: Appointment | None = None
    old: Appointment | None = None
    hold_for: dt.timedelta | None = None


def hold_of(request: ConsultationRequest) -> Appointment | None:
    """Return the time that a request holds, also one that ran out and that nobody has wanted since."""
    return Appointment.objects.held().filter(request=request).first()


def change(
    appointment: Appointment, to: AppointmentStatus, now: dt.datetime, *, seen: Set[AppointmentStatus], **fields: Any
) -> bool:
    """Change the status where it is one of `seen`, compare-and-set; return False where it is `to` already."""
    if to not in EXPIRING:
        fields["hold_expires_at"] = None
    changed = Appointment.objects.filter(pk=appointment.pk, status__in=seen - {to}).update(
        status=to, changed_at=now, **fields
    )
    appointment.refresh_from_db()
    if not changed and appointment.status != to:
        raise ChangedMeanwhile(f"Meanwhile it stands: {appointment.get_status_display()}. Nothing was saved.")
    return bool(changed)


def refuse_closed(request: ConsultationRequest, *, by: User | None = None) -> None:
    """Refuse to take time for a request that nobody works on, in the words of whoever acts.

    Raises:
        Erased: the request was erased.
        NotAllowed: it is closed, or was taken for spam.
    """
    if request.erased_at:
        raise Erased("This request was erased. Nothing was saved.")
    if request.status in LIVE:
        return
    if by is None:
        raise NotAllowed("No time can be booked for this request. Please call us.")
    closed = Status(request.status)
    open_again = " or ".join(f"“{to.label}”" for to in Status if to in TRANSITIONS[closed] & LIVE)
    raise NotAllowed(f"This request stands at “{closed.label}”. Move it to {open_again} first, then book a time.")


def refuse_second(
    request: ConsultationRequest, wanted_slot: WantedSlot, now: dt.datetime, *, old: Appointment | None = None
) -> None:
    """Refuse a second appointment of the same request, and of the same person unless staff set that aside.

    Raises:
        AlreadyBooked: there is one; it need not be of this request, so do not show it to whoever holds this one's link.
    """
    others = Appointment.objects.exclude(pk__in=[old.pk] if old else [])
    existing = others.active().filter(request=request).first()
    if existing is None and request.is_confirmed and not wanted_slot.override:
        existing = others.upcoming(now).filter(request__person=request.person_id).first()
    if existing is not None:
        raise AlreadyBooked(existing)


def same_as(request: ConsultationRequest, wanted_slot: WantedSlot) -> Appointment | None:
    """Return what the request has booked already where that is what is wished."""
    found = Appointment.objects.active().filter(
        request=request, starts_at=wanted_slot.starts_at, appointment_type=wanted_slot.appointment_type
    )
    return found.filter(center=wanted_slot.center).first()


def take(request: ConsultationRequest, reservation: Reservation) -> Appointment:
    """Write the appointment and its cells; call it in the transaction that has locked the request.

    Raises:
        NotOffered: the rules do not offer the time.
        SlotTaken: somebody else has it.
    """
    wanted_slot, now = reservation.wanted_slot, reservation.now
    choice = _choose(reservation)
    if reservation.by is None and reservation.status in EXPIRING:
        waits.refuse_many(request, wanted_slot.center, wanted_slot.starts_at, now)
    if reservation.old is not None:
        change(reservation.old, AppointmentStatus.MOVED, now, seen=ACTIVE)
    row = _still_there(reservation.hold) or Appointment(request=request)
    visit = wanted_slot.appointment_type
    row.consultant_id, row.appointment_type, row.center, row.channel = (
        choice.consultant,
        visit,
        wanted_slot.center,
        visit.channel,
    )
    row.starts_at, row.ends_at = wanted_slot.starts_at, wanted_slot.starts_at + dt.timedelta(minutes=visit.minutes)
    row.busy_from = row.starts_at - dt.timedelta(minutes=visit.buffer_before)
    row.busy_until = row.ends_at + dt.timedelta(minutes=visit.buffer_after)
    row.cutoff_minutes = visit.cutoff_minutes
    row.status, row.booked_by, row.created_at, row.changed_at = reservation.status, reservation.by, now, now
    row.hold_expires_at = now + reservation.hold_for if reservation.hold_for else None
    row.visitor_zone, row.assignment_reason = wanted_slot.visitor_zone, choice.why[:300]
    row.overridden = bool(choice.set_aside)
    aside = " ".join(reason.text for reason in choice.set_aside)
    row.override_reason = f"{wanted_slot.override.strip()} ({aside})".strip()[:300] if aside else ""
    if reservation.old is not None:
        row.moved_from, row.uid, row.sequence = reservation.old, reservation.old.uid, reservation.old.sequence + 1
    row.save()
    occupancy.claim(row, from_old=reservation.old, now=now)
    row.request = request
    return row


@dataclass
class Alternatives:
    """`with Alternatives(request, wish, now):` round a transaction names the nearest free times with its refusal."""

    request: ConsultationRequest
    wanted_slot: WantedSlot
    now: dt.datetime
    old: Appointment | None = None

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """Look for other times once the transaction was rolled back."""
        if isinstance(error, IntegrityError) and NO_OVERLAP in str(error):
            # PostgreSQL's second net, below the cells.
            raise SlotTaken(occupancy.TAKEN, alternatives=self._find()) from error
        if isinstance(error, NotOffered):
            error.alternatives = self._find()

    def _find(self) -> list[Slot]:
        wanted_slot = self.wanted_slot
        held = Appointment.objects.held().filter(request=self.request).values_list("pk", flat=True)
        ours = [*held, *([self.old.pk] if self.old else [])]
        return schedule.nearest(
            wanted_slot.appointment_type,
            center=wanted_slot.center,
            starts_at=wanted_slot.starts_at,
            now=self.now,
            ignoring=ours,
        )


def _choose(reservation: Reservation) -> Choice:
    wanted_slot = reservation.wanted_slot
    who = (
        [wanted_slot.consultant.pk]
        if wanted_slot.consultant
        else schedule.who_takes(wanted_slot.appointment_type, wanted_slot.center)
    )
    # Evaluated at once: a queryset that nobody reads locks nothing.
    list(Consultant.objects.select_for_update(no_key=True).filter(pk__in=who).order_by("pk"))
    read = schedule.read(
        wanted_slot.appointment_type,
        centers=[wanted_slot.center] if wanted_slot.center else [],
        begin=wanted_slot.starts_at,
        end=wanted_slot.starts_at,
        now=reservation.now,
        ignoring=[one.pk for one in (reservation.hold, reservation.old) if one is not None],
    )
    plans, as_of = read.at_place(wanted_slot.center, wanted_slot.consultant), _judged_as_of(reservation)
    verdicts = {plan.consultant: plan.explain(wanted_slot.starts_at, now=as_of) for plan in plans}
    able = [consultant for consultant, reasons in verdicts.items() if not reasons] or _able_for_staff(
        reservation, verdicts
    )
    if not able:
        raise _refusal(verdicts)
    consultant, why = _pick(able, reservation, read.names)
    set_aside = [reason for reason in verdicts[consultant] if reason.why is not ReasonKind.TAKEN]
    return Choice(consultant, why, tuple(set_aside))


def _pick(able: list[int], reservation: Reservation, names: Mapping[int, str]) -> tuple[int, str]:
    if reservation.wanted_slot.consultant:
        return reservation.wanted_slot.consultant.pk, "Asked for by name."
    hold, old = reservation.hold, reservation.old
    if hold and hold.starts_at == reservation.wanted_slot.starts_at and hold.consultant_id in able:
        return hold.consultant_id, hold.assignment_reason
    if old and old.consultant_id in able:
        return old.consultant_id, "The same consultant as before the move."
    return assignment.choose(able, names=names, now=reservation.now)


def _still_there(hold: Appointment | None) -> Appointment | None:
    """Lock a hold that was read before the consultants were locked; None where somebody else's transaction dropped it."""
    return Appointment.objects.held().select_for_update(no_key=True).filter(pk=hold.pk).first() if hold else None


def _judged_as_of(reservation: Reservation) -> dt.datetime:
    """Return the moment whose notice counts: that of a hold, so that nobody is too late for the time held for them."""
    hold, wanted_slot, now = reservation.hold, reservation.wanted_slot, reservation.now
    if hold is None or hold.hold_expires_at is None or hold.hold_expires_at <= now or wanted_slot.starts_at <= now:
        return now
    held = (hold.appointment_type_id, hold.starts_at, hold.center_id)
    return (
        hold.created_at
        if held
        == (wanted_slot.appointment_type.pk, wanted_slot.starts_at, wanted_slot.center and wanted_slot.center.pk)
        else now
    )


def _able_for_staff(reservation: Reservation, verdicts: dict[int, list[Reason]]) -> list[int]:
    """Return whom staff may book though rules stand against it: those for whom the fewest have to be set aside.

    Notice binds visitors only; other rules give way to a reason. Whether the time is free is left to the cells.
    """
    if reservation.by is None:
        return []
    may = OVERRIDABLE if reservation.wanted_slot.override else {ReasonKind.TOO_SOON}
    rules = {consultant: {reason.why for reason in reasons} for consultant, reasons in verdicts.items()}
    able = [consultant for consultant, whys in rules.items() if whys - {ReasonKind.TAKEN} <= may]
    free = [consultant for consultant in able if ReasonKind.TAKEN not in rules[consultant]]
    fewest = min((len(rules[consultant]) for consultant in free), default=0)
    least = [consultant for consultant in free if len(rules[consultant]) == fewest]
    return least or (able[:1] if reservation.wanted_slot.override else [])


def _refusal(verdicts: dict[int, list[Reason]]) -> NotOffered:
    reasons = list(dict.fromkeys(reason for found in verdicts.values() for reason in found))
    if any({reason.why for reason in found} <= LOST for found in verdicts.values()):
        return SlotTaken(occupancy.TAKEN, reasons=reasons)
    return NotOffered("This time cannot be booked.", reasons=reasons)
