"""Private links end 30 days after the last event of their request; a new one goes to the address on file only."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max, Q

from consultations.links import private_link
from consultations.mail import contact_mails
from consultations.models import Activity, ConsultationRequest
from consultations.requests.locks import lock_request
from consultations.statuses import ActivityKind

LASTS = dt.timedelta(days=30)


def is_over(request: ConsultationRequest, now: dt.datetime) -> bool:
    """Return whether nothing has happened to a request for 30 days, and no appointment ended since or is to come."""
    found = ConsultationRequest.objects.filter(pk=request.pk).aggregate(
        last=Max("activities__at"), end=Max("appointments__ends_at")
    )
    last = max(filter(None, [request.received_at, found["last"], found["end"]]))
    return bool(last + LASTS <= now)


def send(token: str, *, now: dt.datetime) -> bool:
    """Mail the present link of the request a genuine token opens or opened, or a new one where it has ended.

    Tell nobody what this returns: whether there is an address on file is not for whoever holds an old link.
    """
    link_id = private_link.link_id_from(token)
    if link_id is None:
        return False
    named = Q(link_id=link_id) | Q(former_link_id=link_id)
    request = ConsultationRequest.objects.filter(named, erased_at=None).exclude(email="").first()
    if request is None:
        return False
    with transaction.atomic():
        locked = lock_request(request.pk)
        if not contact_mails.send_link(locked, now=now):
            return False
        if is_over(locked, now):
            ConsultationRequest.objects.filter(pk=locked.pk).update(
                link_id=private_link.new_id(), former_link_id=locked.link_id
            )
        Activity.objects.create(
            request=locked, kind=ActivityKind.MESSAGE, at=now, text="The visitor asked for a new private link."
        )
    return True
