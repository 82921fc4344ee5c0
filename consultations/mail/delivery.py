"""Sends queued mails: leases, retries and their delays, giving up.

Taking a mail is compare-and-set with a lease, so any number of workers may run on either database; the lease and the
attempt's number are part of every later write, so a worker that lost its lease cannot overwrite what the next one did.
A mail whose worker died is taken again when its lease ends. The mail server is spoken to outside any transaction, and
for less time than a lease lasts. A database that goes away after the hand-over is waited for, also after the lease has
ended: while the database is away nobody else can take the mail, and a late record finds out whether somebody has.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django import db
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F

from consultations.mail import appointment_mails, folding, messages, refusals
from consultations.models import Activity, Message
from consultations.models.fields import REASONS, WORDS, through
from consultations.statuses import ActivityKind, MessageState

logger = logging.getLogger(__name__)

# The mail server's time-out counts anew at every step, and a server may dribble: the whole dialogue is bounded as well.
STEP = settings.MAILERS["default"].get("OPTIONS", {}).get("timeout") or 15
LEASE = dt.timedelta(seconds=settings.MAIL_LEASE_SECONDS or 6 * STEP + 30)
DIALOGUE_SECONDS = min(6 * STEP, LEASE.total_seconds() * 0.7)
PARTING_SECONDS = min(STEP, LEASE.total_seconds() * 0.2)
# Minutes to wait after each failed attempt; after the last one the mail is given up and shown to staff.
BACKOFF_MINUTES = (0.1, 0.5, 2, 5, 15, 60, 180, 360, 720, 1440)
BATCH = 20
# Seconds between tries to record what was handed over, and until that is given up. One try may take as long as the pool
# waits for a connection, so a short lease alone would end it after the first.
RECORD_PAUSE = 0.5
RECORD_SECONDS = max(600.0, LEASE.total_seconds())


class SlowServerError(Exception):
    """The mail server takes longer than it may. Not an OSError: smtplib would take that for one of its own."""


class Watch:
    """The time that was given, moved on by the whole seconds that have passed since."""

    def __init__(self, now: dt.datetime) -> None:
        self.start = now
        self.begun = time.monotonic()

    def now(self) -> dt.datetime:
        """Return the present time."""
        return self.start + dt.timedelta(seconds=int(time.monotonic() - self.begun))


def deliver_due(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at `now`, oldest first, and return how many mails were handed over.

    When `stop` says so, the mail in hand is finished and no other is begun.
    """
    watch = Watch(now)
    due = Message.objects.due(now).order_by("due_at", "id").values_list("pk", flat=True)[:BATCH]
    # Each mail gets its own time: a slow server must not eat up the leases of the mails behind.
    return sum(deliver(pk, now=watch.now()) for pk in list(due) if not stop())


def deliver(pk: int, *, now: dt.datetime) -> bool:
    """Take one mail and send it; return whether this call handed it over."""
    watch = Watch(now)
    message = take(pk, now=now)
    if message is None:
        return False
    try:
        # Asked of the appointment as it was read after the mail was taken: what cancels one drops its mails before.
        if not appointment_mails.is_wanted(message, watch.now()) or folding.is_overtaken(message):
            _settle(message, state=MessageState.DROPPED, last_error="")
            return False
        if (later := folding.wait_until(message, now=watch.now())) is not None:
            _settle(message, state=MessageState.QUEUED, attempts=message.attempts - 1, due_at=later)
            return False
        hand_over(messages.build(message))
    except db.Error:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with this mail, the others must go on
        _put_back(message, error, now=watch.now())
        return False
    _record_sent(message, now=watch.now())
    return True


def take(pk: int, *, now: dt.datetime) -> Message | None:
    """Take a due mail for this worker, or return None where another one has it."""
    taken = (
        Message.objects.due(now)
        .filter(pk=pk)
        .update(state=MessageState.SENDING, attempts=F("attempts") + 1, leased_until=now + LEASE)
    )
    if not taken:
        return None
    # What the visitor wrote is not even read. The row may have gone with its request.
    found = Message.objects.select_related(
        "request__center",
        "appointment__center__country",
        "appointment__consultant",
        "appointment__appointment_type",
        "appointment__moved_from__center",
        "appointment__moved_from__consultant",
    ).defer(*through("request", WORDS), *through("appointment", REASONS), *through("appointment__moved_from", REASONS))
    return found.filter(pk=pk).first()


def hand_over(mail: EmailMessage) -> None:
    """Give a mail to the mail server; return once the server has said that it has it."""
    mailer = mailers.default
    try:
        with _bounded(DIALOGUE_SECONDS):
            mailer.open()
            mailer.send_messages([mail])
    finally:
        _part(mailer)


def _part(mailer: BaseEmailBackend) -> None:
    """Close the connection; a server that fails at its goodbye has the mail all the same."""
    wire = getattr(mailer, "connection", None)
    try:
        with _bounded(PARTING_SECONDS):
            mailer.close()
    except Exception as error:  # noqa: BLE001  see above
        logger.info("The mail server did not part properly: %s", type(error).__name__)
        if wire is not None:
            wire.close()


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raise SlowServerError when the block takes longer. Without effect outside of the main thread, where signals do not come."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: FrameType | None) -> None:
        raise SlowServerError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _put_back(message: Message, error: Exception, *, now: dt.datetime) -> None:
    """Queue it again for later, or give it up: after the last attempt, or at once where the server refused this mail for good."""
    # The log says less than staff see: the class, the code and the line are enough to act on.
    words = refusals.described(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.name}:{place.lineno}"
    logger.warning("Mail %s could not be sent (attempt %s): %s in %s", message.pk, message.attempts, words, where)
    shown = refusals.shown(error, message.recipient)
    if message.attempts > len(BACKOFF_MINUTES) or refusals.is_final(error):
        if _settle(message, state=MessageState.DEAD, last_error=shown):
            logger.error("Mail %s of request %s was given up: %s", message.pk, message.request.reference, words)
        return
    wait = dt.timedelta(minutes=BACKOFF_MINUTES[message.attempts - 1])
    _settle(message, state=MessageState.QUEUED, due_at=now + wait, last_error=shown)


def _record_sent(message: Message, *, now: dt.datetime) -> None:
    """Write down that it was handed over, with a line in the request's history where it went to the visitor."""
    given_up = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            with transaction.atomic():
                held = _settle(message, state=MessageState.SENT, sent_at=now, last_error="")
                if held and message.kind not in messages.TO_STAFF:
                    text = f"{message.get_kind_display()}: sent"
                    Activity.objects.create(request=message.request, kind=ActivityKind.MESSAGE, at=now, text=text)
            return
        except db.Error as error:
            logger.warning("Mail %s was handed over and cannot be recorded yet: %s", message.pk, type(error).__name__)
            if time.monotonic() > given_up:
                raise
            connection.close()
            time.sleep(RECORD_PAUSE)


def _settle(message: Message, **changes: object) -> bool:
    """Write the outcome while this worker still holds the mail; return whether it did."""
    held = Message.objects.filter(
        pk=message.pk, state=MessageState.SENDING, attempts=message.attempts, leased_until=message.leased_until
    )
    if held.update(leased_until=None, **changes):
        return True
    logger.warning("Mail %s was taken over by another worker after its lease ended", message.pk)
    return False
