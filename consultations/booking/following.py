"""What follows every booking: its line of history, the word of it, and the move of its request."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.mail import appointment_mails
from consultations.models import Activity, Appointment, ConsultationRequest
from consultations.requests import moving, next_steps
from consultations.statuses import ActivityKind, AppointmentStatus, Status


def follow(request: ConsultationRequest, appointment: Appointment, by: User | None, now: dt.datetime) -> None:
    """Tell of what was booked, and move the request on once it is confirmed."""
    appointment_mails.tell(appointment, by=by, now=now)
    if appointment.status == AppointmentStatus.CONFIRMED and request.status != Status.BOOKED:
        said = "An appointment was booked." if by else "The visitor booked an appointment."
        moving.move(request, to=Status.BOOKED, by=by, seen=Status(request.status), now=now, reason=said)
    else:
        next_steps.follow_appointment(request, now=now)


def how(appointment: Appointment) -> str:
    """Return how the consultant was chosen and what was set aside."""
    if appointment.overridden:
        return f"{appointment.assignment_reason} Rules set aside: {appointment.override_reason}"
    return appointment.assignment_reason


def note(appointment: Appointment, kind: ActivityKind, text: str, now: dt.datetime, by: User | None = None) -> None:
    """Write a line of history."""
    Activity.objects.create(request_id=appointment.request_id, kind=kind, at=now, by=by, text=text)
