"""Mails about the address itself: is it right, a new link, a code, and word of a change to the old address.

Each is queued in the transaction of its verb. What a visitor may ask for again is limited here, per request.
"""

from __future__ import annotations

import datetime as dt

from consultations.models import Appointment, ConsultationRequest, Message
from consultations.statuses import MessageKind

# Of each kind, per request and hour; a further one would only fill the mailbox.
MOST_AN_HOUR = 3


def ask(request: ConsultationRequest, appointment: Appointment | None = None, *, now: dt.datetime) -> bool:
    """Queue the question whether the address is right, about a time that waits where there is one."""
    return _queue(request, MessageKind.VISITOR_CONFIRM, request.pending_email or request.email, now, appointment)


def send_link(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Queue the private link as it is now, to the address on file."""
    return _queue(request, MessageKind.VISITOR_LINK, request.email, now)


def send_code(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Queue the newest code, to the confirmed address."""
    return _queue(request, MessageKind.VISITOR_CODE, request.email, now)


def tell_old(request: ConsultationRequest, old: str, *, now: dt.datetime) -> None:
    """Queue word of the new address to the old one."""
    Message.objects.bulk_create(
        [Message(request=request, kind=MessageKind.VISITOR_ADDRESS, recipient=old, created_at=now, due_at=now)],
        ignore_conflicts=True,
    )


def _queue(
    request: ConsultationRequest,
    kind: MessageKind,
    recipient: str,
    now: dt.datetime,
    appointment: Appointment | None = None,
) -> bool:
    lately = Message.objects.filter(request=request, kind=kind, created_at__gt=now - dt.timedelta(hours=1))
    if not recipient or lately.count() >= MOST_AN_HOUR:
        return False
    Message.objects.create(
        request=request,
        kind=kind,
        recipient=recipient,
        appointment=appointment,
        sequence=appointment.sequence if appointment else None,
        created_at=now,
        due_at=now,
    )
    return True
