"""What an agenda is about: whose, on whose clock, which days, for which kind of visit, and how it is shown."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from consultations.admin.booking_forms import zone_of
from consultations.admin.places import own_centers
from consultations.clocks import wall_clock
from consultations.models import AppointmentType, Consultant, ConsultationRequest
from consultations.statuses import Channel
from content.models import Center

BY_PHONE = "phone"
SPANS = {"day": 1, "week": 7}
COLUMNS, LIST = "columns", "list"


class AgendaForm(forms.Form):
    """Whose agenda, of which days, and how."""

    place = forms.ChoiceField(required=False, label="Center")
    consultant = forms.ChoiceField(required=False)
    span = forms.ChoiceField(choices=[("day", "Day"), ("week", "Week")], required=False, label="Show")
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(required=False, label="Free times for")
    view = forms.ChoiceField(choices=[(COLUMNS, "Columns"), (LIST, "List")], required=False, label="As")
    request = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.GET.dict())
        self.user = request.user
        self.centers = {str(one.pk): one for one in own_centers(request.user)}
        self.consultants = {str(one.pk): one for one in Consultant.objects.visible_to(request.user)}
        self.kinds = {str(one.pk): one for one in AppointmentType.objects.filter(active=True)}
        self._choose("place", self.centers, ("", "all"), (BY_PHONE, "Phone and video"))
        self._choose("consultant", self.consultants, ("", "all"))
        self._choose("kind", self.kinds)

    def _choose(self, name: str, found: dict[str, Any], *before: tuple[str, str]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*before, *((key, str(one)) for key, one in found.items())]


@dataclass(frozen=True)
class Asked:
    """Whose agenda it is, on whose clock, which dates; `booking_for` is whose time is looked for."""

    center: Center | None
    by_phone: bool
    consultant: Consultant | None
    zone: zoneinfo.ZoneInfo
    span: str
    first: dt.date
    kind: AppointmentType | None = None
    view: str = COLUMNS
    booking_for: ConsultationRequest | None = None
    centers: tuple[Center, ...] = ()

    @property
    def dates(self) -> list[dt.date]:
        """The dates of the page."""
        return [self.first + dt.timedelta(days=number) for number in range(SPANS[self.span])]

    @property
    def begin(self) -> dt.datetime:
        """The instant at which the first date begins there."""
        return self.edge(self.first)

    @property
    def end(self) -> dt.datetime:
        """The instant at which the last date is over there."""
        return self.edge(self.dates[-1] + dt.timedelta(days=1))

    def edge(self, date: dt.date) -> dt.datetime:
        """Return the instant at which a date begins there."""
        return wall_clock.edge(date, dt.time(), self.zone)

    @property
    def places(self) -> tuple[Center, ...]:
        """The centers whose hours and free times are shown; none for a kind of visit by phone or video."""
        if self.kind is None or self.kind.channel != Channel.IN_PERSON:
            return ()
        return (self.center,) if self.center else self.centers

    @property
    def title(self) -> str:
        """Whose it is, in words."""
        where = self.center.name if self.center else "Phone and video" if self.by_phone else ""
        return ", ".join(filter(None, [str(self.consultant or ""), where])) or "All centers"

    @property
    def query(self) -> dict[str, Any]:
        """What its address says."""
        said = {
            "place": self.center.pk if self.center else BY_PHONE if self.by_phone else "",
            "consultant": self.consultant.pk if self.consultant else "",
            "span": self.span,
            "day": self.first.isoformat(),
            "kind": self.kind.pk if self.kind else "",
            "view": self.view,
        }
        return said | ({"request": self.booking_for.pk} if self.booking_for else {})

    def link(self, **other: Any) -> str:
        """Return the address of the same agenda, some of it otherwise."""
        return f"{reverse('desk:agenda')}?{urlencode(self.query | other)}"

    def on(self, date: dt.date) -> str:
        """Return the address of one of its days."""
        return self.link(span="day", day=date.isoformat())

    def later(self, days: int) -> str:
        """Return the address of the same some days on."""
        return self.link(day=(self.first + dt.timedelta(days=days)).isoformat())

    def slot(self, starts_at: dt.datetime, consultant: int, center: int | None) -> str:
        """Return the address at which a free time is booked."""
        said = {
            "appointment_type": self.kind.pk if self.kind else "",
            "center": center or "",
            "consultant": consultant,
            "starts_at": starts_at.isoformat(),
        }
        return (
            f"{reverse('desk:slot')}?{urlencode(said | ({'request': self.booking_for.pk} if self.booking_for else {}))}"
        )


def read(form: AgendaForm, now: dt.datetime) -> Asked:
    """Return what is meant, and let the form show it; what cannot be read counts as not said."""
    form.is_valid()
    data = form.cleaned_data
    center = form.centers.get(data.get("place") or "")
    by_phone = data.get("place") == BY_PHONE
    consultant = form.consultants.get(data.get("consultant") or "")
    zone = zone_of(center, consultant)
    span = data.get("span") or "day"
    asked = Asked(
        center,
        by_phone,
        consultant,
        zone,
        span,
        _first(data.get("day"), span, now.astimezone(zone).date()),
        _kind(form, data.get("kind") or "", center, by_phone=by_phone),
        data.get("view") or COLUMNS,
        _booking_for(form, data.get("request")),
        tuple(form.centers.values()),
    )
    form.data = {name: str(value) for name, value in asked.query.items()}
    return asked


def _first(day: dt.date | None, span: str, today: dt.date) -> dt.date:
    first = day if day and dt.date(1971, 1, 1) <= day <= dt.date(9000, 1, 1) else today
    return first - dt.timedelta(days=first.weekday()) if span == "week" else first


def _kind(form: AgendaForm, named: str, center: Center | None, *, by_phone: bool) -> AppointmentType | None:
    """Return the kind of visit that is asked for, or the first that takes place there."""

    def fits(kind: AppointmentType) -> bool:
        in_person = kind.channel == Channel.IN_PERSON
        return not (in_person and by_phone) and not (not in_person and center is not None)

    kinds: Iterable[AppointmentType] = form.kinds.values()
    fitting = sorted(filter(fits, kinds), key=lambda kind: kind.channel != Channel.IN_PERSON)
    asked = form.kinds.get(named)
    return asked if asked in fitting else next(iter(fitting), None)


def _booking_for(form: AgendaForm, pk: int | None) -> ConsultationRequest | None:
    if pk is None:
        return None
    return ConsultationRequest.objects.visible_to(form.user).live().only("name", "reference").filter(pk=pk).first()
