"""A request's appointments as its private page shows them: the current one, past ones, and the page's heading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from consultations.clocks import wording
from consultations.mail import invitations
from consultations.models import Appointment, AppointmentType, ConsultationRequest
from consultations.models.fields import REASONS, through
from consultations.statuses import ACTIVE, ActivityKind, AppointmentStatus, Status
from consultations.visitor_words import HEADINGS
from content.models import ClinicProfile

BECAME: dict[str, str] = {
    AppointmentStatus.MOVED: "moved to another time",
    AppointmentStatus.CANCELLED: "cancelled",
    AppointmentStatus.LAPSED: "not confirmed in time, so others can take it",
    AppointmentStatus.ATTENDED: "took place",
    AppointmentStatus.NO_SHOW: "did not take place",
}
DECLINED = "we could not confirm this time"
# The heading that an appointment leaves behind, by what became of it.
AFTER = {
    BECAME[AppointmentStatus.CANCELLED]: "cancelled",
    BECAME[AppointmentStatus.ATTENDED]: "attended",
    BECAME[AppointmentStatus.LAPSED]: "lapsed",
    DECLINED: "declined",
}


def read(consultation: ConsultationRequest) -> list[Appointment]:
    """Return all appointments of a request that were more than held, the newest first, with what words need."""
    found = consultation.appointments.exclude(status=AppointmentStatus.HELD).select_related(
        "appointment_type", "consultant", "center__country", "moved_from__center", "moved_from__consultant"
    )
    rows = found.sealed().defer(*through("moved_from", REASONS)).with_clinic_clock()
    return list(rows.order_by("-created_at", "-pk"))


def standing(appointments: list[Appointment]) -> Appointment | None:
    """Return the one that is agreed on, of those that `read` found."""
    return next((one for one in appointments if one.status in ACTIVE), None)


def latest(consultation: ConsultationRequest) -> Appointment | None:
    """Return what a calendar should have: the appointment that stands, or else what became of the last one."""
    found = read(consultation)
    return standing(found) or next((one for one in found if one.status != AppointmentStatus.MOVED), None)


def on_page(consultation: ConsultationRequest, clinic: ClinicProfile, now: dt.datetime) -> dict[str, Any]:
    """Return what the private page says about appointments."""
    found = read(consultation)
    current = standing(found)
    if current is not None and current.hold_expires_at is not None and current.hold_expires_at <= now:
        # Nobody has given it back yet, but its time is over.
        current.status, current = AppointmentStatus.LAPSED, None
    shown: dict[str, Any] = {"past": _past(consultation, found)}
    if current is None:
        return shown | {"bookable": AppointmentType.objects.filter(active=True).exists()}
    return shown | {
        "visit": invitations.facts(current, clinic, discreet=False),
        "pending": current.status == AppointmentStatus.PENDING,
        "unconfirmed": current.status == AppointmentStatus.UNCONFIRMED,
        "kept_until": wording.full(current.hold_expires_at, current.zone) if current.hold_expires_at else "",
        "changeable": current.is_changeable(now),
        "over": current.starts_at <= now,
    }


def heading(consultation: ConsultationRequest, shown: dict[str, Any], *, offered: bool) -> str:
    """Return how the private page is headed.

    Args:
        consultation: whose page it is.
        shown: what `on_page` returned.
        offered: whether a time that became free is held for them.
    """
    if consultation.erasure_asked_at:
        stands = "erasing"
    elif "visit" in shown:
        stands = (
            "over"
            if shown["over"]
            else "unconfirmed"
            if shown["unconfirmed"]
            else "pending"
            if shown["pending"]
            else "booked"
        )
    elif consultation.status in {Status.WON, Status.LOST}:
        stands = consultation.status
    elif offered:
        stands = "offered"
    else:
        # The newest comes first.
        stands = next((AFTER.get(became, "received") for _, became in shown["past"]), "received")
    return HEADINGS[stands]


def _past(consultation: ConsultationRequest, found: list[Appointment]) -> list[tuple[str, str]]:
    """Return (time, what became of it) for what does not stand any more, the newest first."""
    gone = [one for one in found if one.status in BECAME]
    if not gone:
        return []
    declined = set(consultation.activities.filter(kind=ActivityKind.DECLINED).values_list("at", flat=True))
    return [
        (wording.full(one.starts_at, one.zone), DECLINED if one.changed_at in declined else BECAME[one.status])
        for one in gone
    ]
