"""Which starts the next two weeks offer, for whoever sets hours and rules. Asks what the visitor's page asks."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from consultations.admin.booking_forms import zone_of
from consultations.booking import schedule
from consultations.booking.availability import Slot
from consultations.clocks import wording
from consultations.models import AppointmentType, Consultant
from consultations.statuses import Channel
from content.models import Center


@dataclass(frozen=True)
class Choice:
    """One of several things the preview can be about."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class DayOfStarts:
    """A local date with the starts it offers, on the clock of the place."""

    date: dt.date
    starts: list[str]


@dataclass(frozen=True)
class Place:
    """A center, or phone and video, with its days."""

    name: str
    zone: str
    days: list[DayOfStarts]
    count: int


@dataclass(frozen=True)
class Preview:
    """What is shown: the places, and the select that leads to others."""

    about: str
    parameter: str
    label: str
    choices: list[Choice]
    places: list[Place]


def of_consultant(consultant: Consultant, asked: Mapping[str, str], *, now: dt.datetime) -> Preview:
    """Return the starts with one consultant at all their places, for the kind of visit asked for."""
    kinds = list(AppointmentType.objects.filter(active=True))
    centers = list(consultant.centers.all())
    usual = Channel.IN_PERSON if centers else None
    likely = sorted(kinds, key=lambda kind: (kind.channel == Channel.IN_PERSON) != (usual is not None))
    kind = next((kind for kind in kinds if str(kind.pk) == asked.get("kind")), next(iter(likely), None))
    places: list[Place] = []
    if kind is not None:
        at = centers if kind.channel == Channel.IN_PERSON else [None]
        read = schedule.read(kind, centers=centers, begin=now, end=now + _span(), now=now)
        places = [_place(center, read.offers(center, consultant), zone_of(center, consultant), now) for center in at]
    choices = [Choice(str(one.pk), one.name, one == kind) for one in kinds]
    return Preview(f"{consultant}, {kind}" if kind else str(consultant), "kind", "Kind of visit", choices, places)


def of_appointment_type(kind: AppointmentType, asked: Mapping[str, str], *, now: dt.datetime) -> Preview:
    """Return the starts of one kind of visit at the center asked for; by phone and video there is nothing to choose."""
    centers = list(Center.objects.filter(consultants__active=True).distinct()) if _in_person(kind) else []
    center = next((one for one in centers if str(one.pk) == asked.get("place")), next(iter(centers), None))
    places: list[Place] = []
    if center is not None or not _in_person(kind):
        offers = schedule.offers(kind, center=center, now=now)
        places = [_place(center, offers, zone_of(center), now)]
    choices = [Choice(str(one.pk), one.name, one == center) for one in centers]
    return Preview(str(kind), "place", "Center", choices, places)


def _place(center: Center | None, offers: Iterable[Slot], zone: zoneinfo.ZoneInfo, now: dt.datetime) -> Place:
    starts = [offer.starts_at.astimezone(zone) for offer in offers]
    found = {date: [f"{start:%H:%M}" for start in group] for date, group in groupby(starts, key=dt.datetime.date)}
    today = now.astimezone(zone).date()
    dates = [today + dt.timedelta(days=number) for number in range(schedule.DAYS_SHOWN + 1)]
    days = [DayOfStarts(date, found.get(date, [])) for date in dates]
    return Place(center.name if center else "Phone and video", _named(zone, now), days, len(starts))


def _named(zone: zoneinfo.ZoneInfo, now: dt.datetime) -> str:
    return f"{wording.place(zone)}, {wording.offset(now, zone)} now"


def _in_person(kind: AppointmentType) -> bool:
    return kind.channel == Channel.IN_PERSON


def _span() -> dt.timedelta:
    return dt.timedelta(days=schedule.DAYS_SHOWN)
