"""The appointment section on a request's page: current appointment, its buttons, and bookable slots for staff."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.admin import status_words
from consultations.admin.booking_forms import PlaceForm, TimeForm, consultants_for, zone_of
from consultations.booking import schedule
from consultations.booking.availability import Slot
from consultations.clocks import wording
from consultations.models import Appointment, AppointmentType, ConsultationRequest
from consultations.statuses import ACTIVE, LIVE, OUTCOMES, AppointmentStatus, Channel
from content.admin.marks import mark
from content.models import Center

# As many as can be read at a glance; others are typed.
MOST = 24


@dataclass(frozen=True)
class Button:
    """A time to press."""

    value: str
    words: str
    in_full: str


@dataclass(frozen=True)
class Shown:
    """The appointment and what can be done about it."""

    appointment: Appointment
    state: SafeString
    begun: bool

    @property
    def pending(self) -> bool:
        """Whether it waits for us."""
        return self.appointment.status == AppointmentStatus.PENDING

    @property
    def active(self) -> bool:
        """Whether it can be moved or cancelled."""
        return self.appointment.status in ACTIVE

    @property
    def may_record(self) -> bool:
        """Whether it can be said what came of it."""
        return self.begun and self.appointment.status == AppointmentStatus.CONFIRMED

    @property
    def recorded(self) -> bool:
        """Whether what came of it can be taken back."""
        return self.appointment.status in OUTCOMES


@dataclass
class Block:
    """All of it."""

    current: Shown | None
    held: Appointment | None
    place_form: PlaceForm | None = None
    time_form: TimeForm | None = None
    zone_name: str = ""
    days: list[tuple[str, list[Button]]] = field(default_factory=list)
    instead: list[Button] = field(default_factory=list)

    @property
    def held_state(self) -> SafeString | str:
        """What a held time is held for, and until when."""
        return state(self.held) if self.held else ""

    @property
    def to_come(self) -> Appointment | None:
        """The appointment that closing the request would leave to nobody."""
        return self.current.appointment if self.current and self.current.active and not self.current.begun else None

    @property
    def may_choose(self) -> bool:
        """Whether there is something to book or to move; what has begun can only be recorded."""
        return self.place_form is not None and not (self.current and self.current.active and self.current.begun)


def of(
    request: ConsultationRequest,
    asked: Mapping[str, Any],
    *,
    user: User,
    now: dt.datetime,
    may_work: bool,
    instead: Sequence[Slot] = (),
) -> Block:
    """Return the block; `asked` says which kind of visit and place, `instead` are times named with a refusal."""
    rows = request.appointments.select_related("appointment_type", "center", "consultant", "booked_by")
    found = list(rows.occupying(now).with_offers().order_by("-starts_at"))
    held = next((one for one in found if one.status == AppointmentStatus.HELD), None)
    standing = [one for one in found if one is not held]
    current = next((one for one in standing if one.status in ACTIVE), next(iter(standing), None))
    block = Block(_shown(current, now) if current else None, held)
    if may_work and request.status in LIVE:
        _offer_times(block, request, asked, user, now, instead)
    return block


def state(appointment: Appointment) -> SafeString:
    """Return the status as a mark; of a held time also what for and until when, on the clock that leads.

    `appointment` is from a queryset `with_offers`.
    """
    status = AppointmentStatus(appointment.status)
    if appointment.hold_expires_at is None:
        return mark(str(status.label), status_words.APPOINTMENT_KINDS[status])
    if status == AppointmentStatus.UNCONFIRMED:
        words = str(status.label)
    else:
        words = status_words.OFFERED if getattr(appointment, "is_offer", False) else status_words.CHOOSING
    until = wording.full(appointment.hold_expires_at, appointment.zone)
    return format_html("{} <small>until {}</small>", mark(words, status_words.APPOINTMENT_KINDS[status]), until)


def _shown(appointment: Appointment, now: dt.datetime) -> Shown:
    return Shown(appointment, state(appointment), begun=appointment.starts_at <= now)


def _offer_times(
    block: Block,
    request: ConsultationRequest,
    asked: Mapping[str, Any],
    user: User,
    now: dt.datetime,
    instead: Sequence[Slot],
) -> None:
    moving = block.current.appointment if block.current and block.current.active else None
    block.place_form = PlaceForm(asked if "appointment_type" in asked else _usual(request, moving), auto_id="place_%s")
    block.place_form.narrow(user, request)
    if not block.place_form.is_valid():
        return
    kind, center = block.place_form.cleaned_data["appointment_type"], block.place_form.cleaned_data["center"]
    zone = zone_of(center)
    own = [one.pk for one in (moving, block.held) if one is not None]
    offers = schedule.offers(kind, center=center, now=now, ignoring=own)
    typed = {name: asked.get(name, "") for name in ("local", "override", "consultant")}
    block.time_form = TimeForm(initial=typed, auto_id="time_%s")
    block.time_form.fields["consultant"].queryset = consultants_for(kind, center, user)  # type: ignore[attr-defined]
    block.zone_name = wording.place(zone)
    block.days = _by_day(offers[:MOST], zone)
    block.instead = [_button(offer, zone) for offer in instead]


def _usual(request: ConsultationRequest, moving: Appointment | None) -> dict[str, Any]:
    """Return what is most likely wanted: what is booked, or the first kind of visit that fits the request's center."""
    if moving is not None:
        return {"appointment_type": moving.appointment_type_id, "center": moving.center_id}
    kinds = list(AppointmentType.objects.filter(active=True))
    center: Center | None = request.center
    fits = [kind for kind in kinds if (kind.channel == Channel.IN_PERSON) == (center is not None)]
    kind = next(iter(fits or kinds), None)
    return {"appointment_type": kind.pk if kind else "", "center": center.pk if center else ""}


def _by_day(offers: Iterable[Slot], zone: zoneinfo.ZoneInfo) -> list[tuple[str, list[Button]]]:
    dated = groupby(offers, key=lambda offer: wording.day(offer.starts_at, zone))
    return [(day, [_button(offer, zone) for offer in group]) for day, group in dated]


def _button(offer: Slot, zone: zoneinfo.ZoneInfo) -> Button:
    return Button(
        offer.starts_at.isoformat(), wording.clock(offer.starts_at, zone), wording.short(offer.starts_at, zone)
    )
