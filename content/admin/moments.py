"""Moments as editors read and type them: in the clinic's time zone, with the zone named."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone

from content.form_fields import refuse_far_years
from content.models import ClinicProfile


def clinic_zone() -> zoneinfo.ZoneInfo:
    """Return the clinic's time zone; UTC before there is a profile."""
    return zoneinfo.ZoneInfo(ClinicProfile.objects.values_list("time_zone", flat=True).first() or "UTC")


def zone_name(zone: zoneinfo.ZoneInfo) -> str:
    """Return what staff call the clock of a zone, by its city: New York time."""
    return f"{zone.key.rpartition('/')[2].replace('_', ' ')} time"


def in_words(moment: dt.datetime, zone: zoneinfo.ZoneInfo | None = None) -> str:
    """Return a moment in UTC, and beside it in `zone`."""
    universal = _words(moment.astimezone(dt.UTC))
    if zone is None or zone.key == "UTC":
        return f"{universal} UTC"
    return f"{_words(moment.astimezone(zone))} {zone_name(zone)}, which is {universal} UTC"


class MomentField(forms.DateTimeField):
    """A date and a time as the clock of a place shows them; one that this clock skips or shows twice is refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators.append(refuse_far_years)
        self.zone = zoneinfo.ZoneInfo("UTC")

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the moment."""
        with timezone.override(self.zone):
            return super().to_python(value)


def _words(moment: dt.datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
