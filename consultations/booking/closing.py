"""Closes a request together with its appointment, in one transaction.

`moving.move` refuses to close a request whose appointment is to come. Who wants both says so, and which appointment they
saw; nothing is cancelled that nobody asked to cancel.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from consultations.booking import appointments
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Appointment, ConsultationRequest
from consultations.requests import moving
from consultations.requests.locks import lock_request
from consultations.statuses import FINAL, ClosedFor, Status


def close(
    request: ConsultationRequest,
    *,
    to: Status,
    by: User,
    seen: Status,
    now: dt.datetime,
    reason: str,
    cancelling: Appointment,
    closed_for: ClosedFor = ClosedFor.OTHER,
) -> None:
    """Cancel the appointment that the caller saw, of which the visitor is told, and close its request.

    Raises:
        NotAllowed: `to` is no end, or not to be reached from `seen`; or the appointment is another request's.
        ReasonMissing: closing and spam need a reason.
        ChangedMeanwhile: the request no longer has the status `seen`, or the appointment was moved or has an outcome.
    """
    if to not in FINAL or cancelling.request_id != request.pk:
        raise NotAllowed("Only the appointment of a request that is closed can be cancelled with it.")
    moving.refuse_senseless(to=to, by=by, seen=seen, reason=reason)
    with transaction.atomic():
        locked = lock_request(request.pk)
        if locked.status != seen:
            raise ChangedMeanwhile(moving.what_happened(locked))
        appointments.cancel(cancelling, by=by, now=now, reason=reason)
        # Without its appointment it may have gone back to the desk.
        locked.refresh_from_db(fields=["status"])
        moving.move(locked, to=to, by=by, seen=Status(locked.status), now=now, reason=reason, closed_for=closed_for)
    request.refresh_from_db()
