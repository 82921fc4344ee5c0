"""Forms with which staff book, move or end an appointment; times are entered in the place's time zone."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any, Self

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q

from consultations.admin.forms import STALE, TEXT_LENGTH, Narrowed
from consultations.booking.appointments import WantedSlot
from consultations.clocks import leading, wall_clock, wording
from consultations.models import AppointmentType, Consultant, ConsultationRequest
from consultations.models.place import Viewer, at_places_of
from consultations.statuses import AppointmentStatus, Channel
from content import form_fields
from content.models import Center, ClinicProfile

WALL_TIME = "%Y-%m-%dT%H:%M"
NO_SUCH = "That is not one of the choices any more. Please look at the page again."
NO_TIME = "Give a date and a time such as 2026-11-30T09:30."
CHOICE = {"invalid_choice": NO_SUCH}


class WallTime(forms.DateTimeInput):
    """The browser's own field for a date with a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=WALL_TIME)


class PlaceForm(Narrowed):
    """Which kind of visit, and where; for phone and video the center does not count."""

    appointment_type = forms.ModelChoiceField(
        AppointmentType.objects.filter(active=True), label="Kind of visit", empty_label=None, error_messages=CHOICE
    )
    center = forms.ModelChoiceField(
        Center.objects.filter(open_to_requests=True).order_by("name"),
        required=False,
        empty_label="choose a center",
        error_messages=CHOICE,
    )

    def narrow(self, user: User, request: ConsultationRequest | None) -> Self:
        """Offer the user's own centers and the consultants whom they may see."""
        center, consultant = self.fields["center"], self.fields.get("consultant")
        if isinstance(center, forms.ModelChoiceField):
            center.queryset = Center.objects.filter(at_places_of(user, "pk"), pk__in=_of(center)).order_by("name")
        if isinstance(consultant, forms.ModelChoiceField):
            consultant.queryset = Consultant.objects.visible_to(user).filter(pk__in=_of(consultant))
        return self

    def clean(self) -> dict[str, Any] | None:
        """Ask for a center where the visit is at one, and forget it where it is not."""
        appointment_type = self.cleaned_data.get("appointment_type")
        if appointment_type is None:
            return self.cleaned_data
        if appointment_type.channel != Channel.IN_PERSON:
            self.cleaned_data["center"] = None
        elif self.cleaned_data.get("center") is None and "center" not in self.errors:
            self.add_error("center", "Choose a center for this kind of visit.")
        return self.cleaned_data


class TimeForm(PlaceForm):
    """A time to book: an instant, from a button, or a time on the clock of the place, typed."""

    starts_at = forms.CharField(required=False, max_length=40, error_messages={"max_length": STALE})
    local = forms.CharField(required=False, max_length=20, label="Time", widget=WallTime)
    consultant = forms.ModelChoiceField(
        Consultant.objects.filter(active=True), required=False, empty_label="whoever is free", error_messages=CHOICE
    )
    override = form_fields.LineField(
        required=False,
        max_length=200,
        label="Reason for an exception",
        error_messages={"max_length": "Give the reason in at most 200 characters."},
    )
    appointment = forms.IntegerField(required=False, error_messages={"invalid": STALE})

    def clean(self) -> dict[str, Any] | None:
        """Make one instant of what came."""
        super().clean()
        if self.errors:
            return self.cleaned_data
        pressed, typed = self.cleaned_data["starts_at"], self.cleaned_data["local"]
        starts_at = read_instant(pressed) if pressed else self._read_typed(typed)
        if starts_at is None and "local" not in self.errors:
            self.add_error("local", STALE if pressed else "Give a date and a time.")
        self.cleaned_data["at"] = starts_at
        return self.cleaned_data

    def _read_typed(self, typed: str) -> dt.datetime | None:
        zone = zone_of(self.cleaned_data["center"], self.cleaned_data["consultant"])
        try:
            return read_wall(typed, zone)
        except ValueError as error:
            self.add_error("local", str(error))
            return None


class EndForm(forms.Form):
    """One of the request's appointments, and words about it where they are needed."""

    appointment = forms.IntegerField(error_messages={"invalid": STALE, "required": STALE})
    why = form_fields.WordsField(required=False, max_length=TEXT_LENGTH)


class OutcomeForm(EndForm):
    """What came of it."""

    outcome = forms.ChoiceField(
        choices=AppointmentStatus.choices, error_messages={"invalid_choice": STALE, "required": STALE}
    )

    def clean_outcome(self) -> AppointmentStatus:
        """Return a member of the list."""
        return AppointmentStatus(self.cleaned_data["outcome"])


def _of(field: forms.ModelChoiceField[Any]) -> Any:
    """Return the rows that a field offers, for a subquery."""
    return field.queryset.order_by().values("pk") if field.queryset is not None else []


def wanted_slot_of(data: dict[str, Any], request: ConsultationRequest) -> WantedSlot:
    """Return what a valid TimeForm holds, as the verbs of booking/appointments.py take it."""
    return WantedSlot(
        appointment_type=data["appointment_type"],
        starts_at=data["at"],
        center=data["center"],
        consultant=data["consultant"],
        visitor_zone=request.appointments.known_zone(),
        override=data["override"].strip(),
    )


def zone_of(center: Center | None, consultant: Consultant | None = None) -> zoneinfo.ZoneInfo:
    """Return whose clock a time for staff is on: the center's; without one the consultant's, or else the clinic's."""
    return leading.clock(center, consultant.zone if consultant else None, _clinic_clock)


def _clinic_clock() -> zoneinfo.ZoneInfo:
    return leading.usual_clock(None, ClinicProfile.objects.values_list("time_zone", flat=True).first())


def read_wall(typed: str, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """Return the instant of a local time, the first of two; None where nothing was typed.

    Raises:
        ValueError: it is no time, or the clock skips it; in words.
    """
    if not typed.strip():
        return None
    try:
        wall = dt.datetime.strptime(typed.strip(), WALL_TIME)  # noqa: DTZ007  what a clock shows has no zone
    except ValueError:
        raise ValueError(NO_TIME) from None
    if wall.year not in form_fields.YEARS:
        raise ValueError(NO_TIME)
    instant = wall_clock.at(wall.date(), wall.time(), zone)
    if instant is None:
        raise ValueError(f"The clock in {wording.place(zone)} skips this time on that day.")
    return instant


def read_instant(text: str) -> dt.datetime | None:
    """Return the instant that a button sent, or None for what no button of ours sends."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(dt.UTC) if instant.tzinfo and instant.year in form_fields.YEARS else None


def consultants_for(appointment_type: AppointmentType | None, center: Center | None, user: Viewer) -> Any:
    """Return those who may be asked for by name: who work at the center, or have hours by phone and video."""
    found = Consultant.objects.visible_to(user).filter(active=True)
    if appointment_type is None or appointment_type.channel == Channel.IN_PERSON:
        return found.filter(centers=center) if center else found.none()
    with_hours = Q(working_periods__center=None, working_periods__isnull=False)
    return found.filter(with_hours | Q(date_exceptions__center=None, date_exceptions__isnull=False)).distinct()
