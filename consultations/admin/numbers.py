"""The desk's numbers on one page, of the last weeks where nobody says which days, and the same as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from consultations import sheets
from consultations.admin.downloads import CSV, streamed
from consultations.admin.forms import errors_of
from consultations.admin.places import own_centers
from consultations.models.place import Viewer
from consultations.reports import every_table, markup, numbers, plots
from consultations.reports.asked import Asked
from consultations.statuses import Status
from content.models import Therapy

WEEKS = 12
LONGEST = dt.timedelta(days=366 * 3)
MAY_SEE = "consultations.view_consultationrequest"
# So far that as many days before are days, too.
EARLIEST, LATEST = dt.date(1971, 1, 8), dt.date(9000, 1, 1)


class AskedForm(forms.Form):
    """Days, center, therapy, status; each may be left out."""

    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    center = forms.ChoiceField(required=False)
    therapy = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False, choices=[("", "all"), *Status.choices])

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centers = {str(one.pk): one for one in own_centers(user)}
        self.therapies = {str(one.pk): one for one in Therapy.objects.all()}
        for name, found in (("center", self.centers), ("therapy", self.therapies)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type
            field.choices = [("", "all"), *((key, str(one)) for key, one in found.items())]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, and more of them than a page can show."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the first one.")
        if since and until and until - since > LONGEST:
            self.add_error("until", "Choose three years at most.")
        return data

    def asked(self, today: dt.date) -> Asked:
        """Return what is meant; what is missing or cannot be read counts as not said."""
        data = self.cleaned_data
        days = dt.timedelta(weeks=WEEKS) - dt.timedelta(days=1)
        begun = data.get("since")
        until = data.get("until") or (min(begun, LATEST) + days if begun else today)
        until = min(max(until, EARLIEST), LATEST)
        since = max(begun or until - days, EARLIEST)
        status = Status(data["status"]) if data.get("status") else None
        return Asked(
            min(since, until),
            until,
            self.centers.get(data.get("center") or ""),
            self.therapies.get(data.get("therapy") or ""),
            status,
        )


@require_safe
def show_numbers(request: HttpRequest) -> HttpResponseBase:
    """Show them; `?format=csv` hands the same tables out as a file."""
    if not request.user.has_perm(MAY_SEE):
        raise PermissionDenied
    now = timezone.now()
    form = AskedForm(request.GET, user=request.user)
    form.is_valid()
    asked = form.asked(now.date())
    found = every_table.tables(request.user, asked, now)
    if request.GET.get("format") == "csv":
        return streamed(sheets.as_csv(numbers.as_rows(found)), CSV, f"numbers-{asked.first}-{asked.last}.csv")
    errors = errors_of(form)
    _fill(form, asked)
    query = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        **admin.site.each_context(request),
        "title": "Numbers",
        "is_nav_sidebar_enabled": False,
        "form": form,
        "errors": errors,
        "asked": asked,
        "tables": [_drawn(table) for table in found],
        "as_csv": f"{reverse('desk:numbers')}?{urlencode(query | {'format': 'csv'})}",
        "now": now,
    }
    return TemplateResponse(request, "admin/consultations/numbers.html", context)


def _drawn(table: numbers.Table) -> tuple[numbers.Table, SafeString, plots.Plot | None, SafeString]:
    plot = plots.of(table)
    return table, markup.lines(table.rows), plot, markup.elements(plot) if plot else SafeString("")


def _fill(form: AskedForm, asked: Asked) -> None:
    """Let the form show what the page shows."""
    form.data = {
        "since": asked.first.isoformat(),
        "until": asked.last.isoformat(),
        "center": str(asked.center.pk) if asked.center else "",
        "therapy": str(asked.therapy.pk) if asked.therapy else "",
        "status": asked.status or "",
    }
