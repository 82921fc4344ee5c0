"""A request's place on the waiting list and the time offered to it, as pages show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from consultations.clocks import wording
from consultations.models import Appointment, ConsultationRequest, WaitingEntry, WaitingOffer


@dataclass(frozen=True)
class WaitingPlace:
    """Where a request stands: its place in the queue, and the time that is held for it as an offer."""

    entry: WaitingEntry | None
    offered: Appointment | None


def of(request: ConsultationRequest, *, now: dt.datetime) -> WaitingPlace:
    """Return where a request stands."""
    entry = request.waiting_entries.filter(ended_at=None).select_related("center", "appointment_type").first()
    if entry is None:
        return WaitingPlace(None, None)
    offers = WaitingOffer.objects.filter(entry=entry, starts_at=OuterRef("starts_at"), expires_at__gt=now)
    held = request.appointments.held().filter(Exists(offers), hold_expires_at__gt=now)
    return WaitingPlace(entry, held.select_related("center__country", "appointment_type", "consultant").first())


def on_page(request: ConsultationRequest, now: dt.datetime) -> dict[str, Any]:
    """Return what templates/consultations/_waiting.html needs besides `token`."""
    stands = of(request, now=now)
    held = stands.offered
    if held is None or held.hold_expires_at is None:
        return {"queue": stands}
    return {
        "queue": stands,
        "offered_time": wording.full(held.starts_at, held.zone),
        "offered_until": wording.full(held.hold_expires_at, held.zone),
    }
