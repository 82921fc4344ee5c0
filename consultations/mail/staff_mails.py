"""Word to staff that a request became theirs, or is theirs no more."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from consultations.models import Activity, ConsultationRequest, Message
from consultations.requests.moving import name_of
from consultations.statuses import ActivityKind, MessageKind


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


def how_it_came(message: Message) -> str:
    """Return by whom and why a request changed hands, in sentences that name staff only; "" where it was erased since."""
    then = Activity.objects.filter(request=message.request_id, at=message.created_at).select_related("by")
    given = then.filter(kind=ActivityKind.ASSIGNED).last()
    if given is None or not given.text:
        return ""
    did = given.text if given.by is None or name_of(given.by) in given.text else f"{given.text} by {name_of(given.by)}"
    return f"{did}. A note is with it." if then.filter(kind=ActivityKind.NOTE).exists() else f"{did}."
