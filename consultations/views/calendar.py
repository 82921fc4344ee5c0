"""The appointment for the visitor's calendar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consultations import calendar, visits
from consultations.statuses import AppointmentStatus
from consultations.views.private import find, private
from consultations.visitor_words import NO_REQUEST
from content.site import facts


@require_safe
@private
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Send the entry as it stands; after a cancellation the object that takes it out again."""
    consultation = find(token)
    appointment = visits.latest(consultation)
    if appointment is None:
        raise Http404(NO_REQUEST)
    appointment.request = consultation
    method = calendar.CANCEL if appointment.status == AppointmentStatus.CANCELLED else calendar.REQUEST
    response = HttpResponse(calendar.as_it_stands(appointment, facts(request).clinic))
    response.headers["Content-Type"] = f"text/calendar; charset=utf-8; method={method}"
    response.headers["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return response
