"""Form with which a visitor joins the waiting list."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django import forms

from consultations.clocks.wall_clock import edge
from consultations.forms.private import PrivateForm

NO_DAY = "Give the last day that would help, such as 2027-03-24."
LATEST = dt.date(9000, 1, 1)


class WaitForm(PrivateForm):
    """The last day that would help; kind of visit and place are those of the list of times."""

    last_day = forms.DateField(
        label="The last day that would help",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )

    def clean_last_day(self) -> dt.date:
        """Refuse a day that no calendar reaches."""
        day: dt.date = self.cleaned_data["last_day"]
        if day > LATEST:
            raise forms.ValidationError(NO_DAY, code="invalid")
        return day

    def until(self, zone: zoneinfo.ZoneInfo) -> dt.datetime:
        """Return the instant at which that day is over on the clock that leads. Call it on a valid form."""
        day: dt.date = self.cleaned_data["last_day"]
        return edge(day + dt.timedelta(days=1), dt.time(), zone)
