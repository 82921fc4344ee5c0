"""The agenda of a day or a week, of a center or of a consultant; made to be printed. Times are on the place's clock."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from consultations.admin import appointment_block
from consultations.admin.booking_forms import zone_of
from consultations.clocks import wall_clock, wording
from consultations.models import Appointment, Closure, Consultant, Leave
from consultations.models.fields import WORDS, through
from content.models import Center

MIDNIGHT = dt.time()
BY_PHONE = "phone"
# Nothing is kept free for longer than this before a visit; the index is on what is kept free.
BUFFER = dt.timedelta(hours=4)
SPANS = {"day": 1, "week": 7}


class AgendaForm(forms.Form):
    """Whose agenda, and of which days."""

    place = forms.ChoiceField(required=False, label="Center")
    consultant = forms.ChoiceField(required=False)
    span = forms.ChoiceField(choices=[("day", "Day"), ("week", "Week")], required=False, label="Show")
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *, data: dict[str, str], centers: list[Center], consultants: list[Consultant]) -> None:
        super().__init__(data)
        self.centers = {str(center.pk): center for center in centers}
        self.consultants = {str(consultant.pk): consultant for consultant in consultants}
        places = [(key, center.name) for key, center in self.centers.items()]
        people = [(key, str(consultant)) for key, consultant in self.consultants.items()]
        self._choose("place", [("", "all"), (BY_PHONE, "Phone and video"), *places])
        self._choose("consultant", [("", "all"), *people])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


@dataclass(frozen=True)
class Line:
    """One appointment on the page."""

    appointment: Appointment
    state: SafeString
    times: str
    zone: str


@dataclass
class DayOfLines:
    """A local date."""

    date: dt.date
    closed: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """Whose agenda it is, on whose clock, and which dates."""

    center: Center | None
    by_phone: bool
    consultant: Consultant | None
    zone: zoneinfo.ZoneInfo
    span: str
    first: dt.date

    @property
    def dates(self) -> list[dt.date]:
        """The dates of the page."""
        return [self.first + dt.timedelta(days=number) for number in range(SPANS[self.span])]

    @property
    def begin(self) -> dt.datetime:
        """The instant at which the first date begins there."""
        return wall_clock.edge(self.first, MIDNIGHT, self.zone)

    @property
    def end(self) -> dt.datetime:
        """The instant at which the last date is over there."""
        return wall_clock.edge(self.dates[-1] + dt.timedelta(days=1), MIDNIGHT, self.zone)

    @property
    def title(self) -> str:
        """Whose it is, in words."""
        where = self.center.name if self.center else "Phone and video" if self.by_phone else ""
        return ", ".join(filter(None, [str(self.consultant or ""), where])) or "All centers"

    def link(self, days: int) -> str:
        """Return the address of the same agenda some days on."""
        query = {
            "place": self.center.pk if self.center else BY_PHONE if self.by_phone else "",
            "consultant": self.consultant.pk if self.consultant else "",
            "span": self.span,
            "day": (self.first + dt.timedelta(days=days)).isoformat(),
        }
        return f"{reverse('desk:agenda')}?{urlencode(query)}"


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show it, in the same number of queries however full the days are."""
    if not request.user.has_perm("consultations.view_appointment"):
        raise PermissionDenied
    now = timezone.now()
    centers, consultants = list(Center.objects.order_by("name")), list(Consultant.objects.all())
    form = AgendaForm(data=request.GET.dict(), centers=centers, consultants=consultants)
    form.is_valid()
    asked = _asked(form, now)
    context = {
        **admin.site.each_context(request),
        "title": f"Agenda: {asked.title}",
        "form": _filled(form, asked),
        "asked": asked,
        "zone": f"{wording.place(asked.zone)}, {wording.offset(asked.begin, asked.zone)}",
        "days": _days(asked, now),
        "before": asked.link(-SPANS[asked.span]),
        "after": asked.link(SPANS[asked.span]),
        "printed": wording.full(now, asked.zone),
    }
    return TemplateResponse(request, "admin/consultations/agenda.html", context)


def _asked(form: AgendaForm, now: dt.datetime) -> Asked:
    """Return what is meant; what cannot be read counts as not said."""
    data = form.cleaned_data
    center = form.centers.get(data.get("place") or "")
    consultant = form.consultants.get(data.get("consultant") or "")
    zone = zone_of(center, consultant)
    span = data.get("span") or "day"
    first: dt.date = data.get("day") or now.astimezone(zone).date()
    if not dt.date(1971, 1, 1) <= first <= dt.date(9000, 1, 1):
        first = now.astimezone(zone).date()
    if span == "week":
        first -= dt.timedelta(days=first.weekday())
    return Asked(center, data.get("place") == BY_PHONE, consultant, zone, span, first)


def _filled(form: AgendaForm, asked: Asked) -> AgendaForm:
    """Return the form with what the page shows."""
    data = {
        "place": str(asked.center.pk) if asked.center else BY_PHONE if asked.by_phone else "",
        "consultant": str(asked.consultant.pk) if asked.consultant else "",
        "span": asked.span,
        "day": asked.first.isoformat(),
    }
    return AgendaForm(data=data, centers=[*form.centers.values()], consultants=[*form.consultants.values()])


def _days(asked: Asked, now: dt.datetime) -> list[DayOfLines]:
    days = {date: DayOfLines(date) for date in asked.dates}
    for first, last, words in [*_closures(asked), *_leaves(asked)]:
        for date in asked.dates:
            if first <= date <= last:
                days[date].closed.append(words)
    for appointment in _appointments(asked, now):
        days[appointment.starts_at.astimezone(asked.zone).date()].lines.append(_line(appointment, asked))
    return list(days.values())


def _closures(asked: Asked) -> Iterator[tuple[dt.date, dt.date, str]]:
    """Yield what is closed: first day, last day, words."""
    found = Closure.objects.filter(first_day__lte=asked.dates[-1], last_day__gte=asked.first).select_related("center")
    for one in found:
        elsewhere = (
            one.center is not None and (asked.by_phone or asked.center is not None) and one.center != asked.center
        )
        if not elsewhere:
            where = f" ({one.center})" if one.center and not asked.center else ""
            yield one.first_day, one.last_day, f"Closed: {one.name}{where}"


def _leaves(asked: Asked) -> Iterator[tuple[dt.date, dt.date, str]]:
    """Yield when the consultant is away, where the agenda is one consultant's."""
    zone = asked.zone
    for one in Leave.objects.filter(consultant=asked.consultant, ends_at__gt=asked.begin, starts_at__lt=asked.end):
        words = f"On leave from {wording.short(one.starts_at, zone)} to {wording.short(one.ends_at, zone)}"
        yield one.starts_at.astimezone(zone).date(), one.ends_at.astimezone(zone).date(), words


def _appointments(asked: Asked, now: dt.datetime) -> list[Appointment]:
    found = (
        Appointment.objects.occupying(now)
        .with_offers()
        .filter(
            busy_from__gte=asked.begin - BUFFER,
            busy_from__lt=asked.end,
            starts_at__gte=asked.begin,
            starts_at__lt=asked.end,
        )
    )
    if asked.center is not None:
        found = found.filter(center=asked.center)
    elif asked.by_phone:
        found = found.filter(center=None)
    if asked.consultant is not None:
        found = found.filter(consultant=asked.consultant)
    related = found.select_related("request__center", "consultant", "center", "appointment_type")
    # What a visitor wrote is not for a sheet of paper.
    return list(
        related.sealed()
        .defer(*through("request", WORDS))
        .with_clinic_clock()
        .order_by("starts_at", "consultant__public_name")
    )


def _line(appointment: Appointment, asked: Asked) -> Line:
    zone = appointment.center.zone if appointment.center else asked.zone
    times = f"{wording.clock(appointment.starts_at, zone)}–{wording.clock(appointment.ends_at, zone)}"
    named = "" if zone == asked.zone else f"{wording.place(zone)}, {wording.offset(appointment.starts_at, zone)}"
    return Line(appointment, appointment_block.state(appointment), times, named)
