"""Forms with which visitors choose, move or cancel a time.

What narrows the list (kind of visit, place, zone, first day) is read leniently: a value that makes no sense falls back to
the usual one, so that an old link still shows times. What is booked is read strictly.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from consultations.booking.appointments import WantedSlot
from consultations.clocks import leading, wording
from consultations.forms.private import PrivateForm
from consultations.intake import typed
from consultations.models import Appointment, AppointmentType, ConsultationRequest
from consultations.statuses import Channel
from content import form_fields
from content.models import Center, ClinicProfile

CHOOSE = "Choose one of the times."
# Further away lies nothing that the rules could offer.
FARTHEST = dt.timedelta(days=800)
REASON_LENGTH = 1000


@dataclass(frozen=True)
class Filters:
    """What the list of times is narrowed to, and what it could be narrowed to.

    Attributes:
        appointment_type: the kind of visit; None where the clinic offers none.
        center: where; None for phone and video, and where nobody has chosen yet.
        asked_center: the one the request asks for.
        zone: the visitor's, as they chose it; None where they did not.
        zone_refused: whether a zone was named that is none of those on offer.
        first: the first day to show; None for the soonest.
    """

    appointment_types: list[AppointmentType]
    centers: list[Center]
    appointment_type: AppointmentType | None
    center: Center | None
    asked_center: Center | None
    zone: zoneinfo.ZoneInfo | None
    zone_refused: bool
    first: dt.date | None

    @property
    def in_person(self) -> bool:
        """Whether it is a visit to a center."""
        return self.appointment_type is not None and self.appointment_type.channel == Channel.IN_PERSON

    def leading_zone(self, clinic: ClinicProfile) -> zoneinfo.ZoneInfo:
        """Return the clock that leads, which is the one an appointment of these choices will be told on."""
        return leading.clock(self.center, self.zone, lambda: leading.usual_clock(self.asked_center, clinic.time_zone))

    def query(self, **other: str) -> str:
        """Return these choices as the query of an address; that no zone was chosen is a choice too."""
        chosen = {
            "visit": self.appointment_type.slug if self.appointment_type else "",
            "center": self.center.slug if self.center else "",
            "zone": self.zone.key if self.zone else "",
        }
        return urlencode({name: value for name, value in (chosen | other).items() if value or name == "zone"})


def read_filters(
    consultation: ConsultationRequest, data: QueryDict, *, now: dt.datetime, moving: Appointment | None = None
) -> Filters:
    """Return what the list is to be narrowed to; by default the place of the request, or place and clock of what is moved."""
    asked = typed.tidied(data)
    appointment_types = list(AppointmentType.objects.filter(active=True))
    offered = Center.objects.filter(open_to_requests=True, consultants__active=True).distinct()
    centers = list(offered.select_related("country"))
    center = _named(centers, asked.get("center", "")) or _same(
        centers, moving.center_id if moving else consultation.center_id
    )
    usual = _same(appointment_types, moving.appointment_type_id) if moving else _usual(appointment_types, center)
    appointment_type = _named(appointment_types, asked.get("visit", "")) or usual
    named = asked.get("zone", moving.visitor_zone if moving else "")
    zone = wording.zone_named(named)
    here = appointment_type is not None and appointment_type.channel == Channel.IN_PERSON
    return Filters(
        appointment_types=appointment_types,
        centers=centers,
        appointment_type=appointment_type,
        center=center if here else None,
        asked_center=consultation.center,
        zone=zone,
        zone_refused=bool(named) and zone is None,
        first=_read_day(asked.get("from", ""), now),
    )


class TimeForm(PrivateForm):
    """The time that was chosen, and what it would replace."""

    start = forms.CharField(required=False)
    moves = forms.IntegerField(
        required=False, min_value=1, error_messages=dict.fromkeys(("invalid", "min_value"), CHOOSE)
    )

    def __init__(
        self,
        consultation: ConsultationRequest,
        data: QueryDict,
        *,
        filters: Filters,
        now: dt.datetime,
    ) -> None:
        super().__init__(consultation, data)
        self.filters = filters
        self.now = now

    def clean_start(self) -> dt.datetime:
        """Take an instant with its offset from UTC."""
        try:
            start = dt.datetime.fromisoformat(self.cleaned_data["start"])
            far = start.tzinfo is None or abs(start - self.now) > FARTHEST
        except (ValueError, OverflowError):
            far = True
        if far:
            raise forms.ValidationError(CHOOSE, code="required")
        return start.astimezone(dt.UTC)

    def clean(self) -> dict[str, Any]:
        """A visit needs its kind, and one in person its place."""
        data = super().clean() or self.cleaned_data
        if self.filters.appointment_type is None or (self.filters.in_person and self.filters.center is None):
            self.add_error("start", "Choose a center first, then one of its times.")
        return data

    def wanted_slot(self) -> WantedSlot:
        """Return what is wanted. Call it on a valid form."""
        assert self.filters.appointment_type is not None  # noqa: S101  for the type checker: see clean
        return WantedSlot(
            appointment_type=self.filters.appointment_type,
            starts_at=self.cleaned_data["start"],
            center=self.filters.center,
            visitor_zone=self.filters.zone.key if self.filters.zone else "",
        )

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """Return (id of the place to go to, sentence) for every error: the list of times has them all."""
        sentences = [str(error) for bound in self for error in bound.errors]
        return [("times", sentence) for sentence in dict.fromkeys(sentences)]


class CancelForm(PrivateForm):
    """Which appointment is given up, and why, if the visitor likes to say so."""

    appointment = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = form_fields.WordsField(
        label="Why are you cancelling? (optional)",
        required=False,
        max_length=REASON_LENGTH,
        help_text="It helps us, and you need not say anything. It is kept encrypted.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Use at most {REASON_LENGTH} characters."},
    )


def _named[T: (AppointmentType, Center)](choices: list[T], slug: str) -> T | None:
    return next((one for one in choices if one.slug == slug), None)


def _same[T: (AppointmentType, Center)](choices: list[T], pk: int | None) -> T | None:
    return next((one for one in choices if one.pk == pk), None)


def _usual(appointment_types: list[AppointmentType], center: Center | None) -> AppointmentType | None:
    """Return a visit to the center somebody asked for; who named none can be called from anywhere."""
    fits = [one for one in appointment_types if (one.channel == Channel.IN_PERSON) == (center is not None)]
    return next(iter(fits or appointment_types), None)


def _read_day(text: str, now: dt.datetime) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if now.date() - dt.timedelta(days=1) <= day <= (now + FARTHEST).date() else None
