"""Erases anew, after a restore, whoever was erased since the backup was made."""

from __future__ import annotations

import datetime as dt

from consultations.models import ConsultationRequest
from consultations.models.fields import WORDS
from consultations.privacy import retention
from consultations.privacy.erased import Noted, digest


def replay(noted: Noted, *, now: dt.datetime) -> int:
    """Erase every request that is on the list, and return how many were.

    Whatever would have kept it, a legal hold or an appointment in an hour, had ended when it was erased.
    """
    erased = 0
    for request in ConsultationRequest.objects.filter(erased_at=None).defer(*WORDS).iterator(chunk_size=500):
        if digest(request.key) in noted:
            ConsultationRequest.objects.filter(pk=request.pk).update(legal_hold=False)
            erased += retention.erase(request, by=None, now=now, anew=True)
    return erased
