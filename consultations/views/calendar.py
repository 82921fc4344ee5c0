"""calendar.ics of a request's appointment."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consultations.booking import visits
from consultations.mail import calendar
from consultations.statuses import AppointmentStatus
from consultations.views.private import find, private
from consultations.visitor_words import NO_APPOINTMENT, NO_APPOINTMENT_HINT
from content.site import facts
from content.views.base import read_only


@private
@read_only
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Send the entry as it stands; after a cancellation the object that takes it out again."""
    consultation = find(token)
    appointment = visits.latest(consultation)
    if appointment is None:
        said = {"heading": NO_APPOINTMENT, "reason": NO_APPOINTMENT_HINT}
        return render(request, "404.html", said, status=HTTPStatus.NOT_FOUND)
    appointment.request = consultation
    method = calendar.method(cancelled=appointment.status == AppointmentStatus.CANCELLED, invites=False)
    response = HttpResponse(calendar.as_it_stands(appointment, facts(request).clinic, now=timezone.now()))
    response.headers["Content-Type"] = f"text/calendar; charset=utf-8; method={method}"
    response.headers["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return response
