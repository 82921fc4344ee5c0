"""Sends queued mails: at least once, and exactly once unless a worker dies between handing over and recording.

Taking a mail is compare-and-set with a lease, so any number of workers may run on either database; the attempt's number
is part of every later write, so a worker that lost its lease cannot overwrite what the next one did. A mail whose worker
died is taken again when its lease ends. The mail server is spoken to outside any transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.db.models import F

from consultations import messages
from consultations.models import Message
from consultations.statuses import MessageState

logger = logging.getLogger(__name__)

# Longer than an SMTP dialogue that uses up its time-out at every step.
LEASE = dt.timedelta(minutes=3)
# Minutes to wait after each failed attempt; after the last one the mail is given up and shown to staff.
BACKOFF_MINUTES = (0.1, 0.5, 2, 5, 15, 60, 180, 360, 720, 1440)
BATCH = 20


def deliver_due(*, now: dt.datetime) -> int:
    """Send what is due at `now`, oldest first, and return how many mails were handed over."""
    due = Message.objects.due(now).order_by("due_at", "id").values_list("pk", flat=True)[:BATCH]
    return sum(deliver(pk, now=now) for pk in list(due))


def deliver(pk: int, *, now: dt.datetime) -> bool:
    """Take one mail and send it; return whether this call handed it over."""
    message = take(pk, now=now)
    if message is None:
        return False
    try:
        messages.build(message).send()
    except (OSError, smtplib.SMTPException) as error:
        _put_back(message, error, now=now)
        return False
    _record(message, state=MessageState.SENT, sent_at=now, leased_until=None, last_error="")
    return True


def take(pk: int, *, now: dt.datetime) -> Message | None:
    """Take a due mail for this worker, or return None where another one has it."""
    taken = (
        Message.objects.due(now)
        .filter(pk=pk)
        .update(state=MessageState.SENDING, attempts=F("attempts") + 1, leased_until=now + LEASE)
    )
    return Message.objects.select_related("request__center").get(pk=pk) if taken else None


def _put_back(message: Message, error: Exception, *, now: dt.datetime) -> None:
    """Queue it again for later, or give it up after the last attempt."""
    # Servers repeat addresses in their answers; the class and the code are enough to act on.
    words = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
    logger.warning("Mail %s could not be handed over (attempt %s): %s", message.pk, message.attempts, words)
    if message.attempts > len(BACKOFF_MINUTES):
        _record(message, state=MessageState.DEAD, leased_until=None, last_error=words)
        return
    wait = dt.timedelta(minutes=BACKOFF_MINUTES[message.attempts - 1])
    _record(message, state=MessageState.QUEUED, leased_until=None, due_at=now + wait, last_error=words)


def _record(message: Message, **changes: object) -> None:
    held = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, attempts=message.attempts)
    if not held.update(**changes):
        logger.warning("Mail %s was taken over by another worker after its lease ended", message.pk)
