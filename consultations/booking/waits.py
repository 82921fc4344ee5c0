"""How long a booking waits for its visitor to confirm, and how many may wait at once."""

from __future__ import annotations

import datetime as dt

from consultations.booking.refusals import TooManyUnconfirmed
from consultations.models import Appointment, AppointmentType, ConsultationRequest
from consultations.requests import promise
from consultations.statuses import AppointmentStatus
from content.models import Center

CONFIRM_WITHIN = dt.timedelta(minutes=30)
# Held or booked without a confirmed contact, at one center (or by phone and video) at once: on one day, and at all.
MOST_A_DAY = 3
MOST_AT_ONCE = 12


def until(request: ConsultationRequest, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return until when (UTC) an unconfirmed booking is kept: with an address 30 minutes, else until we are due to call."""
    end = now + CONFIRM_WITHIN if request.email else promise.respond_by(request.center, now)
    return min(end, starts_at)


def refuse_many(request: ConsultationRequest, center: Center | None, starts_at: dt.datetime, now: dt.datetime) -> None:
    """Refuse one more where too many wait already; call it with the consultants locked.

    Raises:
        TooManyUnconfirmed: the visitor is to confirm first; then no limit of this kind applies.
    """
    if request.is_confirmed:
        return
    others = Appointment.objects.unproved(now).filter(center=center).exclude(request=request)
    day = starts_at.astimezone(center.zone if center else dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    on_day = others.filter(starts_at__gte=day, starts_at__lt=day + dt.timedelta(days=1))
    if on_day.count() >= MOST_A_DAY or others.count() >= MOST_AT_ONCE:
        raise TooManyUnconfirmed(by_mail=bool(request.email))


def becomes(
    request: ConsultationRequest, appointment_type: AppointmentType, *, old: Appointment | None = None
) -> AppointmentStatus:
    """Return the status of what a visitor books, or moves from `old`."""
    if old is not None and old.status != AppointmentStatus.UNCONFIRMED:
        waits = appointment_type.needs_confirmation or old.status == AppointmentStatus.PENDING
        return AppointmentStatus.PENDING if waits else AppointmentStatus.CONFIRMED
    if not request.is_confirmed:
        return AppointmentStatus.UNCONFIRMED
    return AppointmentStatus.PENDING if appointment_type.needs_confirmation else AppointmentStatus.CONFIRMED
