"""Which mails wait because there were many, and which of those a newer one has made needless.

Nothing that is true is lost: of the mails about one appointment the newest always leaves, in its turn.
"""

from __future__ import annotations

import datetime as dt

from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.mail import messages, reminders
from consultations.models import Message
from consultations.requests import people
from consultations.statuses import BY_STAFF, REPEATED, MessageKind, MessageState

# Each says how an appointment and its moves stand, so the newest says it all. A calendar knows them by one UID.
STATES = frozenset(
    {
        MessageKind.VISITOR_BOOKED,
        MessageKind.VISITOR_PENDING,
        MessageKind.VISITOR_MOVED,
        MessageKind.VISITOR_CANCELLED,
        MessageKind.VISITOR_DECLINED,
    }
)
# Somebody of staff is waited for, or has written it.
AT_ONCE = BY_STAFF | {MessageKind.STAFF_NEW}


def wait_until(message: Message, *, now: dt.datetime) -> dt.datetime | None:
    """Count a mail that is about to leave; return None where it may, else when it is to be tried again (UTC).

    Reminders leave whatever else was sent: there is one for each appointment, and later they are of no use. A mail that
    is tried again after a failure was counted at its first try. Call it outside a transaction.
    """
    if message.attempts > 1 or message.kind in reminders.BEFORE or message.kind in AT_ONCE:
        return None
    for limit in _limits(message.kind):
        try:
            if limit is table.STAFF_NOTICES:
                counting.hit(limit, request=message.request_id, now=now)
            else:
                counting.hit(limit, mailbox=people.normal_email(message.recipient), now=now)
        except OverTheLimit:
            return counting.window_end(limit, now)
    return None


def is_overtaken(message: Message) -> bool:
    """Return whether a mail that had to wait says what a newer one about the same appointment says, or has said, better."""
    appointment = message.appointment
    if appointment is None or message.attempts > 1 or message.due_at <= message.created_at:
        return False
    kinds = {message.kind} if message.kind in messages.TO_STAFF else STATES
    if message.kind not in kinds:
        return False
    newer = Message.objects.filter(
        request=message.request_id,
        appointment__uid=appointment.uid,
        kind__in=kinds,
        recipient=message.recipient,
        pk__gt=message.pk,
    )
    return newer.exclude(state__in=[MessageState.DROPPED, MessageState.DEAD]).exists()


def _limits(kind: str) -> tuple[table.Limit, ...]:
    if kind in messages.TO_STAFF:
        return (table.STAFF_NOTICES,)
    return (table.ADDRESS_MAILS, table.ADDRESS_MAILS_A_DAY) if kind in REPEATED else (table.MAILS,)
