"""The agenda page: a day or a week, by center or consultant, in the place's time zone; as columns or as a list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.admin.agenda import columns, lists
from consultations.admin.agenda.asked import COLUMNS, LIST, SPANS, AgendaForm, Asked, read
from consultations.clocks import wording
from consultations.models.place import Viewer


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show it, in the same number of queries however full the days are."""
    if not request.user.has_perm("consultations.view_appointment"):
        raise PermissionDenied
    now = timezone.now()
    form = AgendaForm(request)
    asked = read(form, now)
    days = lists.days(asked, request.user, now)
    context = {
        **admin.site.each_context(request),
        "title": f"Agenda: {asked.title}",
        "is_nav_sidebar_enabled": False,
        "form": form,
        "asked": asked,
        "zone": f"{wording.place(asked.zone)}, {wording.offset(asked.begin, asked.zone)}",
        "days": days,
        "before": asked.later(-SPANS[asked.span]),
        "today": asked.link(day=""),
        "after": asked.later(SPANS[asked.span]),
        "otherwise": asked.link(view=COLUMNS if asked.view == LIST else LIST),
        "printed": wording.full(now, asked.zone),
        **({} if asked.view == LIST else _drawn(asked, request.user, days, now)),
    }
    return TemplateResponse(request, "admin/consultations/agenda.html", context)


def _drawn(asked: Asked, user: Viewer, days: list[lists.DayOfLines], now: dt.datetime) -> dict[str, Any]:
    found = columns.diaries(asked, user, days, now)
    if asked.span == "week":
        return {"week": columns.week(asked, days, found)}
    return {"drawn": columns.day(asked, days[0], found), "most": columns.MOST}
