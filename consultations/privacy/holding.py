"""Legal hold: a request that the law asks to keep is not erased, by nobody and no rule, until the hold is lifted."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from consultations.exceptions import ReasonMissing
from consultations.models import Activity, ConsultationRequest
from consultations.requests.locks import lock_unerased
from consultations.statuses import ActivityKind


def put_on_hold(request: ConsultationRequest, *, held: bool, reason: str, by: User, now: dt.datetime) -> bool:
    """Put a request on legal hold, or lift it, and return whether this call did; doing it again writes nothing.

    Raises:
        ReasonMissing: nobody would know later why.
        Erased: the request was erased.
    """
    if not reason.strip():
        raise ReasonMissing("Say which duty asks for it, or why it has ended.")
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        if not ConsultationRequest.objects.filter(pk=locked.pk, legal_hold=not held).update(legal_hold=held):
            return False
        words = f"{'Put on hold' if held else 'Hold lifted'}: {reason.strip()}"
        Activity.objects.create(request=locked, kind=ActivityKind.LEGAL_HOLD, at=now, by=by, text=words)
    request.refresh_from_db()
    return True
