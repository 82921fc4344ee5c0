"""The waiting list: a time that became free is offered to whoever waits, first come first, for a limited time.

An offer is a hold of appointments.py with a longer life: from the moment it is made nobody else can have the time, and that
there is one winner is the promise of the cells and of nothing here. When it lapses, the next entry that the time fits is
offered it, and when there is none, it is free to all. Each entry is offered each freed time once.

Locks: the request comes first, as everywhere (see appointments.py); its row orders two workers that look at one entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from consultations.booking import appointments, occupancy, schedule, waiting_place
from consultations.booking.appointments import WantedSlot
from consultations.booking.reservation import refuse_closed
from consultations.booking.schedule import Schedule
from consultations.clocks import wall_clock, wording
from consultations.exceptions import ChangedMeanwhile, ConsultationError, NotAllowed
from consultations.mail import appointment_mails
from consultations.models import Activity, Appointment, AppointmentType, ConsultationRequest, WaitingEntry, WaitingOffer
from consultations.models.fields import WORDS, through
from consultations.requests.locks import lock_request
from consultations.statuses import LIVE, ActivityKind, Channel
from content.models import Center

OFFER_FOR = dt.timedelta(hours=2)
# A time that is nearly here cannot be offered to somebody who has yet to read their mail.
SHORTEST = dt.timedelta(minutes=30)


def join(
    request: ConsultationRequest,
    *,
    center: Center | None,
    appointment_type: AppointmentType,
    until: dt.datetime,
    now: dt.datetime,
) -> WaitingEntry:
    """Put a request on the list for a time before `until`; the same wish again keeps its place in the queue.

    Raises:
        NotAllowed: we could not tell them (no mail address), the day is over, a center is missing, or nobody works on
            the request any more; in words.
    """
    with transaction.atomic():
        locked = lock_request(request.pk)
        refuse_closed(locked)
        _refuse_senseless(locked, center, appointment_type, until, now)
        entry = locked.waiting_entries.filter(ended_at=None).first()
        if entry is not None:
            if (entry.center, entry.appointment_type, entry.until) == (center, appointment_type, until):
                return entry
            _end(WaitingEntry.objects.filter(pk=entry.pk), now)
        entry = WaitingEntry.objects.create(
            request=locked, center=center, appointment_type=appointment_type, until=until, joined_at=now
        )
        _note(locked, f"Joined: {entry} {_where(center)}.", now)
    return entry


def leave(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Take a request off the list, give back what is offered to it, and return whether it was on it."""
    offered = waiting_place.of(request, now=now).offered
    with transaction.atomic():
        locked = lock_request(request.pk)
        left = _end(locked.waiting_entries.all(), now)
        if left:
            _note(locked, "Left.", now)
    if left and offered is not None:
        appointments.release(request, now=now)
    return left


def accept(request: ConsultationRequest, *, now: dt.datetime) -> Appointment:
    """Book the time that is offered, or move what is booked to it.

    Raises:
        ChangedMeanwhile: the offer is over; and what booking.book and booking.move raise.
    """
    held = waiting_place.of(request, now=now).offered
    if held is None:
        raise ChangedMeanwhile("This offer is over: it was not taken in time, or the time was booked already.")
    wanted_slot = WantedSlot.like(held, held.starts_at)
    current = Appointment.objects.active().filter(request=request).first()
    with transaction.atomic():
        taken = (
            appointments.move(current, wanted_slot, now=now)
            if current
            else appointments.book(request, wanted_slot, now=now)
        )
        _end(request.waiting_entries.all(), now)
    return taken


def offer_freed(*, now: dt.datetime, lasting: dt.timedelta = OFFER_FOR) -> int:
    """Offer what became free to those who have waited longest, and return how many offers were made.

    Any number of workers may call it at once.
    """
    _end_what_is_over(now)
    # Nothing is offered to an address that nobody confirmed.
    told = WaitingEntry.objects.filter(ended_at=None, request__email_confirmed_at__isnull=False)
    entries = told.select_related("center", "appointment_type", "request")
    waiting = list(entries.defer(*through("request", WORDS)))
    if not waiting:
        return 0
    found = Appointment.objects.wanted_again(now).select_related("consultant", "center").sealed()
    freed = list(found.order_by("changed_at", "pk"))
    look = _Look(waiting, freed, now)
    return sum(_offer(one, look, lasting) for one in freed)


@dataclass
class _Look:
    """What one look at the freed times needs: asked of the database once, however many there are.

    Attributes:
        waiting: who waits, the first since longest.
        freed: what became free, of any kind and at any place.
        offered: (entry, freed time) that were brought together before.
        choosing: requests that hold a time: they are choosing one, or think about another offer.
        read: the rules and bookings for each kind of visit, until one of our offers changes them.
    """

    waiting: list[WaitingEntry]
    freed: list[Appointment]
    now: dt.datetime
    offered: set[tuple[int, int]] = field(init=False, default_factory=set)
    choosing: set[int] = field(init=False, default_factory=set)
    read: dict[int, Schedule] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.freed:
            self.offered |= set(WaitingOffer.objects.filter(freed__in=self.freed).values_list("entry_id", "freed_id"))
            held = Appointment.objects.held().filter(request__waiting_entries__in=self.waiting)
            self.choosing |= set(held.filter(hold_expires_at__gt=self.now).values_list("request_id", flat=True))

    def start(self, freed: Appointment, entry: WaitingEntry) -> dt.datetime | None:
        """Return the start that a freed time offers for the entry's kind of visit: the freed one, or else the first."""
        kind = entry.appointment_type_id
        if kind not in self.read:
            self.read[kind] = schedule.read(
                entry.appointment_type,
                centers={
                    one.center for one in self.waiting if one.appointment_type_id == kind and one.center is not None
                },
                begin=min(one.busy_from for one in self.freed),
                end=max(one.busy_until for one in self.freed),
                now=self.now,
            )
        found = self.read[kind].offers(entry.center, freed.consultant, begin=freed.busy_from, end=freed.busy_until)
        starts = [offer.starts_at for offer in found]
        return freed.starts_at if freed.starts_at in starts else next(iter(starts), None)

    def note(self, freed: Appointment, entry: WaitingEntry) -> None:
        """Remember that an offer was made: it took time, and its visitor has something to think about."""
        self.offered.add((entry.pk, freed.pk))
        self.choosing.add(entry.request_id)
        self.read.clear()


def _offer(freed: Appointment, look: _Look, lasting: dt.timedelta) -> int:
    starts: dict[int, dt.datetime | None] = {}
    for entry in look.waiting:
        if (entry.pk, freed.pk) in look.offered or entry.request_id in look.choosing or not _fits(entry, freed):
            continue
        if entry.appointment_type_id not in starts:
            starts[entry.appointment_type_id] = look.start(freed, entry)
        start = starts[entry.appointment_type_id]
        if start is not None and start < entry.until and _offer_to(entry, freed, start, look.now, lasting):
            look.note(freed, entry)
            return 1
    return 0


def _fits(entry: WaitingEntry, freed: Appointment) -> bool:
    """Return whether what was given up is at the place of the entry, early enough, and was not their own."""
    return (
        entry.center_id == freed.center_id
        and entry.request_id != freed.request_id
        and entry.joined_at <= freed.changed_at
        and freed.starts_at < entry.until
    )


def _offer_to(
    entry: WaitingEntry, freed: Appointment, start: dt.datetime, now: dt.datetime, lasting: dt.timedelta
) -> bool:
    """Hold the time for one entry and tell them; return False where they cannot have it now."""
    request = entry.request
    named = request.appointments.known_zone()
    # The time to think begins in the morning for who is asleep. Notice counts as of the moment it is held: whoever
    # takes the offer at its end is not too late.
    awake = wall_clock.awake(now, wording.zone_named(named) or (entry.center or freed.consultant).zone)
    expires_at = min(awake + lasting, start)
    if expires_at - awake < SHORTEST or not request.email:
        return False
    _drop_what_ran_out(request, now)
    wanted_slot = WantedSlot(
        appointment_type=entry.appointment_type,
        starts_at=start,
        center=entry.center,
        consultant=freed.consultant,
        visitor_zone=named,
    )
    try:
        with transaction.atomic():
            locked = lock_request(request.pk)
            if not _still_waits(entry, freed):
                return False
            held = appointments.hold(locked, wanted_slot, now=now, lasting=expires_at - now)
            WaitingOffer.objects.create(
                entry=entry, freed=freed, starts_at=start, offered_at=now, expires_at=expires_at
            )
            _note(locked, f"Offered until {wording.utc(expires_at)}: {held.in_words}.", now)
            appointment_mails.offer(held, now=now)
    except ConsultationError:
        return False
    return True


def _drop_what_ran_out(request: ConsultationRequest, now: dt.datetime) -> None:
    """Give back what a request has held too long, and nothing that another worker holds for it at this moment.

    On its own: an appointment is locked after the consultants, so not in the transaction that holds anew.
    """
    with transaction.atomic():
        lock_request(request.pk)
        occupancy.drop_holds(Appointment.objects.expired_holds(now).filter(request=request), now=now)


def _still_waits(entry: WaitingEntry, freed: Appointment) -> bool:
    """Return whether another worker was not quicker, and the visitor neither left nor began to choose."""
    waits = WaitingEntry.objects.filter(pk=entry.pk, ended_at=None).exclude(offers__freed=freed).exists()
    return waits and not Appointment.objects.held().filter(request=entry.request_id).exists()


def _end_what_is_over(now: dt.datetime) -> None:
    """End entries whose day has come, whose request is closed, or who have booked a time since."""
    booked = Appointment.objects.active().filter(request=OuterRef("request"), created_at__gt=OuterRef("joined_at"))
    over = Q(until__lte=now) | ~Q(request__status__in=LIVE) | Q(request__erased_at__isnull=False) | Exists(booked)
    _end(WaitingEntry.objects.filter(over), now)


def _end(entries: Iterable[WaitingEntry], now: dt.datetime) -> bool:
    found = [entry.pk for entry in entries if entry.ended_at is None]
    return bool(found) and bool(WaitingEntry.objects.filter(pk__in=found, ended_at=None).update(ended_at=now))


def _refuse_senseless(
    request: ConsultationRequest,
    center: Center | None,
    appointment_type: AppointmentType,
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    if not request.email:
        raise NotAllowed(
            "We tell you by email when a time becomes free: please add an email address to your request first."
        )
    if until <= now or until > now + dt.timedelta(days=appointment_type.window_days + 1):
        raise NotAllowed(f"Choose a day within the next {appointment_type.window_days} days.")
    if (appointment_type.channel == Channel.IN_PERSON) != (center is not None):
        raise NotAllowed("Choose a center first, or a kind of visit without one.")


def _where(center: Center | None) -> str:
    return f"at {center}" if center else "by phone or video"


def _note(request: ConsultationRequest, text: str, now: dt.datetime) -> None:
    Activity.objects.create(request=request, kind=ActivityKind.WAITING, at=now, text=text)
