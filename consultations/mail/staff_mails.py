"""Word to staff that a request became theirs, or is theirs no more."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.models import ConsultationRequest, Message
from consultations.statuses import MessageKind


def tell_of_assignment(
    request: ConsultationRequest, *, former: User | None, to: User | None, by: User | None, now: dt.datetime
) -> None:
    """Follow a change of who has a request: tell those who lost or got it, but for whoever did it.

    Call it inside the transaction of the change.
    """
    told = {who.email for who in (former, to) if who is not None and who != by and who.is_active and who.email}
    Message.objects.bulk_create(
        Message(request=request, kind=MessageKind.STAFF_ASSIGNED, recipient=address, created_at=now, due_at=now)
        for address in sorted(told)
    )
