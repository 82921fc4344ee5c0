"""Puts rules and bookings from the database together for availability.py: free slots, free consultants, the soonest center.

`read` runs the same six queries for one consultant as for all of them. Times are then computed only as far as they are
asked for, so the first free time of every center costs little more than reading the bookings.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from consultations.booking import offering, rows
from consultations.booking.availability import AvailabilityRules, Reason, ReasonKind, Slot, Visit
from consultations.booking.working_days import Shared, shared_on
from consultations.models import AppointmentType, Consultant
from consultations.statuses import Channel
from content.models import Center

DAYS_SHOWN = 14
# Whole local days are counted for the daily caps; they begin up to 26 hours before any instant in them, and no
# appointment is busy for longer than 16 hours.
MARGIN = dt.timedelta(days=2)
# How far around a lost time others are looked for.
NEAR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Schedule:
    """What was read for one kind of visit between two instants. Phone and video have the place None."""

    appointment_type: AppointmentType
    plans: Mapping[int | None, list[AvailabilityRules]]
    names: Mapping[int, str]
    begin: dt.datetime
    end: dt.datetime
    now: dt.datetime

    def at_place(self, center: Center | None, consultant: Consultant | None = None) -> list[AvailabilityRules]:
        """Return the plans of those who take this visit there, or of the one that is asked for."""
        plans = self.plans.get(center.pk if center else None, [])
        return [plan for plan in plans if consultant is None or plan.consultant == consultant.pk]

    def offers(
        self,
        center: Center | None,
        consultant: Consultant | None = None,
        *,
        begin: dt.datetime | None = None,
        end: dt.datetime | None = None,
    ) -> Iterator[Slot]:
        """Yield the bookable starts at a place, soonest first: all that was read for, or those from `begin` to `end`."""
        plans = self.at_place(center, consultant)
        return offering.offers(plans, begin=begin or self.begin, end=end or self.end, now=self.now)

    def first_offer(self, center: Center | None) -> Slot | None:
        """Return the soonest of all that was read for."""
        return offering.first_offer(self.at_place(center), begin=self.begin, end=self.end, now=self.now)

    def explain(self, center: Center | None, consultant: Consultant, starts_at: dt.datetime) -> list[Reason]:
        """Return all that stands against a start with a consultant; nothing means that it is offered."""
        plans = self.at_place(center, consultant)
        if not plans:
            return [
                Reason(
                    ReasonKind.NOT_HERE, f"{consultant} does not take this kind of visit here, or nobody does just now."
                )
            ]
        return plans[0].explain(starts_at, now=self.now)


@dataclass(frozen=True)
class Soonest:
    """A center with its next free time, or None where nothing is free in the days looked at."""

    center: Center
    offer: Slot | None


def offers(
    appointment_type: AppointmentType,
    *,
    center: Center | None,
    now: dt.datetime,
    begin: dt.datetime | None = None,
    days: int = DAYS_SHOWN,
    consultant: Consultant | None = None,
    ignoring: Collection[int] = (),
) -> list[Slot]:
    """Return the bookable starts of the days from `begin` (default `now`) on; `center` is None for phone and video.

    `ignoring` are ids of appointments that are treated as not there: those the visitor would give up for the new one.
    """
    begin = begin or now
    schedule = read(
        appointment_type,
        centers=_places(center),
        begin=begin,
        end=begin + dt.timedelta(days=days),
        now=now,
        ignoring=ignoring,
    )
    return list(schedule.offers(center, consultant))


def explain(
    appointment_type: AppointmentType,
    *,
    center: Center | None,
    consultant: Consultant,
    starts_at: dt.datetime,
    now: dt.datetime,
) -> list[Reason]:
    """Return why a start is not offered with a consultant; an empty list means that it is."""
    schedule = read(appointment_type, centers=_places(center), begin=starts_at, end=starts_at, now=now)
    return schedule.explain(center, consultant, starts_at)


def nearest(
    appointment_type: AppointmentType,
    *,
    center: Center | None,
    starts_at: dt.datetime,
    now: dt.datetime,
    count: int = 5,
    ignoring: Collection[int] = (),
) -> list[Slot]:
    """Return the bookable starts nearest to a time that cannot be had, the nearest first."""
    begin, end = max(starts_at - NEAR, now), max(starts_at, now) + 4 * NEAR
    schedule = read(appointment_type, centers=_places(center), begin=begin, end=end, now=now, ignoring=ignoring)
    found = list(schedule.offers(center))
    return sorted(found, key=lambda offer: (abs(offer.starts_at - starts_at), offer.starts_at))[:count]


def soonest(
    appointment_type: AppointmentType, centers: Iterable[Center], *, now: dt.datetime, days: int = DAYS_SHOWN
) -> list[Soonest]:
    """Return the centers by their next free time; those without one come last, in the order given."""
    places = list(centers)
    end, shared = now + dt.timedelta(days=days), shared_on(now.date())
    schedule = read(appointment_type, centers=places, begin=now, end=end, now=now, shared=shared)
    found = [Soonest(center, schedule.first_offer(center)) for center in places]
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda one: one.offer.starts_at if one.offer else never)


def read(
    appointment_type: AppointmentType,
    *,
    centers: Collection[Center],
    begin: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    ignoring: Collection[int] = (),
    with_bookings: bool = True,
    shared: Shared | None = None,
) -> Schedule:
    """Read everything that decides between two instants, in six queries.

    Args:
        appointment_type: what is to be booked; an inactive one has no plans.
        centers: the places of a visit in person; not used for phone and video.
        begin: from when on.
        end: until when.
        now: expired holds are judged by it.
        ignoring: ids of appointments that are treated as not there.
        with_bookings: without them only the hours are of use.
        shared: working days that were reckoned before.
    """
    places = {center.pk: center for center in centers if center.open_to_requests}
    in_person = appointment_type.channel == Channel.IN_PERSON
    members = rows.members_at(places) if in_person else rows.members_by_phone()
    consultants = {member.consultant: member for member in members}
    first, last = (begin - MARGIN).date(), (end + MARGIN).date()
    at = places if in_person else None
    hours = rows.hours(consultants, at, first, last)
    exceptions = rows.exceptions(consultants, at, first, last)
    leaves = rows.leaves(consultants, begin, end + MARGIN)
    closures = rows.closures(places if in_person else {}, first, last)
    booked_for = consultants if with_bookings else ()
    taken = rows.taken(booked_for, begin - MARGIN, end + MARGIN, now, ignoring)
    visit = visit_of(appointment_type)
    plans: dict[int | None, list[AvailabilityRules]] = defaultdict(list)
    shared = shared or Shared()
    for member in members if appointment_type.active else []:
        consultant, place = member.consultant, member.center
        plans[place].append(
            AvailabilityRules(
                consultant=consultant,
                zone=places[place].zone if place else ZoneInfo(member.time_zone),
                visit=visit,
                hours=hours[consultant, place],
                exceptions=exceptions[consultant, place],
                leave=leaves[consultant],
                closures=closures[None] + (closures[place] if place else []),
                daily_cap=member.daily_cap,
                taken=taken[consultant],
                shared=shared,
            )
        )
    names = {key: member.public_name for key, member in consultants.items()}
    return Schedule(appointment_type, plans, names, begin, end, now)


def who_takes(appointment_type: AppointmentType, center: Center | None) -> list[int]:
    """Return the ids of the consultants who take such visits at a place."""
    members = rows.members_at([center.pk]) if center else rows.members_by_phone()
    return [member.consultant for member in members]


def visit_of(appointment_type: AppointmentType) -> Visit:
    """Return a kind of visit as availability.py takes it."""
    return Visit(
        kind=appointment_type.pk,
        minutes=appointment_type.minutes,
        interval=appointment_type.interval_minutes,
        before=appointment_type.buffer_before,
        after=appointment_type.buffer_after,
        notice=appointment_type.notice_minutes,
        window_days=appointment_type.window_days,
        daily_cap=appointment_type.daily_cap,
    )


def _places(center: Center | None) -> list[Center]:
    return [center] if center else []
