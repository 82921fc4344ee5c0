"""Staff page that says why a time is not offered, from the same `explain` that decides what visitors are offered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.admin.booking_forms import CHOICE, PlaceForm, WallTime, read_wall, zone_of
from consultations.booking import schedule
from consultations.booking.availability import Reason, ReasonKind
from consultations.clocks import wording
from consultations.models import AppointmentType, Consultant
from content.admin.actor import actor
from content.models import Center


class WhyForm(PlaceForm):
    """A time to ask about. Nothing that is switched off is left out: that may be the answer."""

    appointment_type = forms.ModelChoiceField(
        AppointmentType.objects.all(), label="Kind of visit", empty_label=None, error_messages=CHOICE
    )
    center = forms.ModelChoiceField(
        Center.objects.order_by("name"), required=False, empty_label="phone or video", error_messages=CHOICE
    )
    consultant = forms.ModelChoiceField(
        Consultant.objects.all(), required=False, empty_label="everybody", error_messages=CHOICE
    )
    local = forms.CharField(max_length=20, label="Time", widget=WallTime)

    def clean(self) -> dict[str, Any] | None:
        """Make an instant of the time on the clock of the place."""
        super().clean()
        if not self.errors:
            zone = zone_of(self.cleaned_data["center"], self.cleaned_data["consultant"])
            try:
                self.cleaned_data["at"] = read_wall(self.cleaned_data["local"], zone)
            except ValueError as error:
                self.add_error("local", str(error))
            else:
                self.cleaned_data["zone"] = zone
        return self.cleaned_data


@dataclass(frozen=True)
class Answer:
    """What stands against the time with one consultant; nothing: it is offered."""

    who: str
    reasons: list[Reason]


@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Ask and answer."""
    if not request.user.has_perm("consultations.view_appointment"):
        raise PermissionDenied
    asked = "appointment_type" in request.GET
    form = WhyForm(request.GET if asked else None).narrow(actor(request), None)
    context = {
        **admin.site.each_context(request),
        "title": "Why is this time not offered?",
        "form": form,
        **(_answered(form, actor(request), timezone.now()) if asked and form.is_valid() else {}),
    }
    return TemplateResponse(request, "admin/consultations/why.html", context)


def explain(
    appointment_type: AppointmentType,
    center: Center | None,
    consultant: Consultant | None,
    starts_at: dt.datetime,
    *,
    user: User,
    now: dt.datetime,
) -> list[Answer]:
    """Return the answer for one consultant, or for everybody who takes such visits there and whom `user` may see."""
    places = [center] if center else []
    read = schedule.read(appointment_type, centers=places, begin=starts_at, end=starts_at, now=now)
    if consultant is not None:
        return [Answer(str(consultant), read.explain(center, consultant, starts_at))]
    known = set(Consultant.objects.visible_to(user).values_list("pk", flat=True))
    plans = [plan for plan in read.at_place(center) if plan.consultant in known]
    if not plans:
        return [Answer("Everybody", [Reason(ReasonKind.NOT_HERE, "Nobody takes this kind of visit here just now.")])]
    return [Answer(read.names[plan.consultant], plan.explain(starts_at, now=now)) for plan in plans]


def _answered(form: WhyForm, user: User, now: dt.datetime) -> dict[str, Any]:
    data = form.cleaned_data
    answers = explain(data["appointment_type"], data["center"], data["consultant"], data["at"], user=user, now=now)
    return {
        "answers": answers,
        "offered": any(not answer.reasons for answer in answers),
        "asked_about": f"{data['appointment_type']}, {data['center'] or data['appointment_type'].get_channel_display()}",
        "moment": wording.full(data["at"], data["zone"]),
        "utc": data["at"],
    }
