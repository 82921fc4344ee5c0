"""Form of the next step that staff plan by hand."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Self

from django import forms
from django.contrib.auth.models import User

from consultations.admin.booking_forms import WallTime, read_instant, read_wall, zone_of
from consultations.admin.forms import STALE, Narrowed
from consultations.models import ConsultationRequest
from consultations.statuses import PLANNED, NextStep

CHOICE = {"invalid_choice": STALE, "required": STALE}


class StepForm(Narrowed):
    """The next step and its time, on the clock of the request's center; what the page showed comes along."""

    step = forms.ChoiceField(choices=[(step.value, step.label) for step in PLANNED], error_messages=CHOICE)
    local = forms.CharField(
        max_length=20, label="When", widget=WallTime, error_messages={"required": "Give a date and a time."}
    )
    zone: zoneinfo.ZoneInfo
    seen_step = forms.ChoiceField(choices=NextStep.choices, error_messages=CHOICE)
    seen_at = forms.CharField(max_length=40, error_messages={"required": STALE, "max_length": STALE})

    def narrow(self, user: User, request: ConsultationRequest | None) -> Self:
        """Read times on the clock of the request's center."""
        self.zone = zone_of(request.center if request else None)
        return self

    def clean_local(self) -> dt.datetime | None:
        """Return the instant."""
        try:
            return read_wall(self.cleaned_data["local"], self.zone)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_step(self) -> NextStep:
        """Return a member of the list."""
        return NextStep(self.cleaned_data["step"])

    def clean_seen_at(self) -> dt.datetime:
        """Return the instant."""
        if (at := read_instant(self.cleaned_data["seen_at"])) is None:
            raise forms.ValidationError(STALE)
        return at
