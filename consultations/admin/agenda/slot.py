"""A free time of the agenda: for whom it is booked. The button is that of the request's own page, and so is what it refuses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.admin.booking_forms import TimeForm, zone_of
from consultations.admin.search import search
from consultations.booking import schedule
from consultations.booking.availability import OVERRIDABLE
from consultations.clocks import wording
from consultations.models import Appointment, ConsultationRequest
from consultations.models.fields import WORDS
from consultations.models.place import Viewer
from consultations.requests import inbox
from content.admin.actor import actor
from content.models import Center
from content.numerals import number_in

SHOWN = 10


@require_safe
def slot(request: HttpRequest) -> HttpResponse:
    """Show the time, whether it is free still, and the requests it may be for; one press books it."""
    if not request.user.has_perm("consultations.change_consultationrequest"):
        raise PermissionDenied
    form = TimeForm(request.GET).narrow(actor(request), None)
    if not form.is_valid() or form.cleaned_data["consultant"] is None:
        messages.error(request, "This is no time of the agenda. Please choose another.")
        return HttpResponseRedirect(reverse("desk:agenda"))
    data, now = form.cleaned_data, timezone.now()
    kind, center, consultant, starts_at = (data[name] for name in ("appointment_type", "center", "consultant", "at"))
    reasons = schedule.explain(kind, center=center, consultant=consultant, starts_at=starts_at, now=now)
    context = {
        **admin.site.each_context(request),
        "title": f"Book {wording.short(starts_at, zone := zone_of(center, consultant))}",
        "kind": kind,
        "center": center,
        "consultant": consultant,
        "starts_at": starts_at.isoformat(),
        "day": f"{starts_at.astimezone(zone):%Y-%m-%d}",
        "moment": wording.full(starts_at, zone),
        "reasons": reasons,
        "may_override": bool(reasons) and {one.why for one in reasons} <= OVERRIDABLE,
        "is_possible": {one.why for one in reasons} <= OVERRIDABLE,
        "asked": request.GET,
        "words": request.GET.get("q", ""),
        "found": _for_whom(request.user, request.GET, center),
        "most": SHOWN,
    }
    return TemplateResponse(request, "admin/consultations/slot.html", context)


def _for_whom(user: Viewer, asked: Any, center: Center | None) -> list[tuple[ConsultationRequest, Appointment | None]]:
    """Return the open requests to choose from, each with the appointment that would be moved.

    It is the one that the agenda was opened for, or those that are searched for, or else the reader's own and nobody's of the
    center without an appointment, what is due first at the top.
    """
    seen = ConsultationRequest.objects.visible_to(user).live().defer(*WORDS).select_related("center")
    words, pk = asked.get("q", "").strip(), number_in(asked.get("request", ""))
    if words:
        found = search(seen, words)
    elif pk is not None:
        found = seen.filter(pk=pk)
    else:
        found = seen.filter(assignee=None) | seen.filter(assignee=user.pk)
        found = found.exclude(pk__in=Appointment.objects.active().values("request"))
        found = found.filter(center=center) if center else found
    rows = list(found.order_by(*inbox.BY_STEP)[:SHOWN])
    standing = {
        one.request_id: one
        for one in Appointment.objects.active().filter(request__in=rows).select_related("center", "consultant").sealed()
    }
    return [(row, standing.get(row.pk)) for row in rows]
