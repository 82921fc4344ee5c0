"""Daily chores of the worker, such as purging, done once whichever worker comes first.

Any number of workers may look: whoever moves the due time on has the work, which is one conditional UPDATE. It is moved
on by an hour at first, and by a day once the work is done, so what a worker died over is done an hour later by another.
Doing it twice would do no harm: each part of it finds nothing left to do the second time.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from consultations.models import Chore
from consultations.privacy import purging
from content.publishing import unsaved

logger = logging.getLogger(__name__)

DAILY = "purge"
LEASE = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
# Erased in one go, so that mails wait for minutes at most where very much is due; the rest follows an hour later.
MOST = 500


def run_daily(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> bool:
    """Erase what may not be kept longer, end sessions that have run out, and drop words that were never saved.

    Return whether this call's turn it was.
    """
    if not Chore.objects.take(DAILY, now=now, until=now + LEASE):
        return False
    end_sessions()
    dropped = unsaved.drop_old(now=now)
    counts = purging.purge(now=now, most=MOST, stop=stop)
    erased = sum(counts[reason] for reason in purging.ERASED)
    if erased < MOST and not stop():
        Chore.objects.filter(name=DAILY, due_at=now + LEASE).update(due_at=now + DAY)
    told = [f"{reason}: {counts[reason]}" for reason in purging.REASONS]
    logger.info("Daily purge: %s", ", ".join([*told, f"drafts' unsaved words: {dropped}"]))
    return True


def end_sessions() -> None:
    """Delete the staff's sessions that have run out; what they held is not needed any more."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
