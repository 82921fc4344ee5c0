"""What the owner of a mailbox can say who is asked to confirm a request they did not make."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from consultations.booking import appointments
from consultations.exceptions import ChangedMeanwhile
from consultations.links import private_link
from consultations.models import Activity, Appointment, ConsultationRequest
from consultations.privacy import retention
from consultations.requests import timeline
from consultations.requests.locks import lock_unerased
from consultations.statuses import ActivityKind


def disown(request: ConsultationRequest, *, version: int, now: dt.datetime) -> None:
    """Take an address that was never confirmed off a request; where nothing else is left of its contact, erase it.

    A time that waits is given back, and the private link is replaced, because a mail brought it to that mailbox. A new
    address for a request whose own is confirmed is dropped, and the request stands.

    Raises:
        ChangedMeanwhile: the link was used, or another address was given since.
        Erased: the request was erased.
        OnLegalHold: the law asks to keep the request; nothing was changed.
    """
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        if locked.contact_version != version:
            raise ChangedMeanwhile("This link was used already. Nothing was changed.")
        erases = not locked.pending_email and not locked.phone
        if erases:
            # Before anything is written: erasing comes after this transaction, as it locks the person first.
            retention.refuse_held(locked)
        rows = ConsultationRequest.objects.filter(pk=locked.pk)
        if locked.pending_email:
            rows.update(pending_email="", contact_version=F("contact_version") + 1)
        else:
            for waits in Appointment.objects.unconfirmed().filter(request=locked):
                appointments.cancel(waits, now=now, reason=timeline.DISOWNED)
            rows.update(
                email="" if locked.phone else locked.email,
                contact_version=F("contact_version") + 1,
                link_id=private_link.new_id(),
            )
        Activity.objects.create(request=locked, kind=ActivityKind.CONTACT, at=now, text=timeline.DISOWNED)
    if erases:
        retention.erase(request, by=None, now=now)
    request.refresh_from_db()
