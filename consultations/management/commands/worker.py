"""`manage.py worker`: delivers queued mails, and tidies up, until it is told to stop."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from consultations.access import presence
from consultations.booking import unconfirmed, waiting_list
from consultations.database import DATABASE_AWAY
from consultations.limits import counting
from consultations.mail import desk_mails, escalations
from consultations.mail.delivery import deliver_due
from consultations.management import chores, measures, telling_cdn
from consultations.reports import answer_times, settled
from consultations.requests import claims, deadlines
from content.publishing import telling

logger = logging.getLogger(__name__)

# Seconds between looks at whether to stop.
NAP = 0.2
# Seconds to wait where mails could not be delivered, as when the database is away.
AWAY = 1.0
# Seconds between deletions of what is only counted for a while.
TIDY = 3600
# Seconds between looks at deadlines, answers and counted days.
MINUTE = 60
# Seconds between looks at whether content was edited.
SECOND = 1
# Seconds between looks at times that were held or given up.
LOOK = 10
# Seconds until what has failed between mails is tried again, at most.
AGAIN = 60


@dataclass
class Job:
    """Work that is done between mails, every so many seconds; `due` is on the clock of `time.monotonic`."""

    name: str
    every: float
    work: Callable[[], object]
    due: float = 0.0


class Command(BaseCommand):
    help = "Deliver queued mails. Runs until SIGTERM or SIGINT; the mail in hand is finished first."
    stopping = False
    # When it was last through with all that was due.
    last_round: dt.datetime | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        """Have everything due at the start."""
        super().__init__(*args, **options)
        self.jobs = [
            Job("Telling the CDN of edits", SECOND, lambda: telling_cdn.tell(now=timezone.now())),
            Job("Deleting counters", TIDY, lambda: counting.prune(now=timezone.now())),
            Job("The daily purge", TIDY, lambda: chores.run_daily(now=timezone.now(), stop=self.is_stopping)),
            Job(
                "Mails of the editorial desk",
                LOOK,
                lambda: desk_mails.deliver_due(now=timezone.now(), stop=self.is_stopping),
            ),
            Job("Telling of overdue reviews", TIDY, lambda: telling.tell_overdue(now=timezone.now())),
            Job("Counting deadlines anew", MINUTE, lambda: deadlines.recount(now=timezone.now())),
            Job("Telling of overdue answers", MINUTE, lambda: escalations.tell_overdue(now=timezone.now())),
            Job("Telling what the day begins with", MINUTE, lambda: escalations.tell_daily(now=timezone.now())),
            Job("Mails to managers", LOOK, lambda: escalations.deliver_due(now=timezone.now(), stop=self.is_stopping)),
            Job("Measuring answers", MINUTE, lambda: answer_times.measure(now=timezone.now())),
            Job("Counting answer times", MINUTE, lambda: answer_times.count(now=timezone.now())),
            Job("Giving held times back", LOOK, lambda: unconfirmed.release_expired(now=timezone.now())),
            Job("Giving requests back", LOOK, lambda: claims.release_lapsed(now=timezone.now())),
            Job("Forgetting who looked", TIDY, lambda: presence.forget(now=timezone.now())),
            Job("Counting days", MINUTE, lambda: settled.count_days(now=timezone.now(), stop=self.is_stopping)),
            Job("The waiting list", LOOK, lambda: waiting_list.offer_freed(now=timezone.now())),
        ]

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between looks and whether to stop when nothing is due."""
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between looks at an empty queue.")
        parser.add_argument("--once", action="store_true", help="Deliver what is due now, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver until told to stop; a database that is away is waited for."""
        if options["once"]:
            queues = (deliver_due, desk_mails.deliver_due, escalations.deliver_due)
            self.stdout.write(f"Delivered: {sum(deliver(now=timezone.now()) for deliver in queues)}")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.listen()
        self.stdout.write("Worker is waiting for mails to deliver.")
        while not self.stopping:
            self.rest(self.turn(options["pause"]))
        self.stdout.write("Worker stopped.")

    def listen(self) -> None:
        """Answer monitoring where METRICS_PORT asks for it."""
        if not settings.METRICS_PORT:
            return
        try:
            measures.listen(settings.METRICS_HOST, settings.METRICS_PORT, measures.registry_of(lambda: self.last_round))
        except OSError as error:
            raise CommandError(
                f"METRICS_PORT {settings.METRICS_PORT} cannot be listened on: {error.strerror}"
            ) from None

    def stop(self, *_: object) -> None:
        """Remember that somebody asked us to stop."""
        # A plain flag: a threading.Event that is being waited for may not be set from a signal handler.
        self.stopping = True

    def is_stopping(self) -> bool:
        """Return whether somebody asked us to stop."""
        return self.stopping

    def turn(self, pause: float) -> float:
        """Deliver what is due, then do the other jobs that are due, and return how many seconds to rest.

        Mails come first, and none of it can keep the rest from being done: whatever one raises is logged and left behind.
        """
        delivered = 0

        def deliver() -> None:
            nonlocal delivered
            delivered = deliver_due(now=timezone.now(), stop=self.is_stopping)

        trouble = self.attempt("Delivering mails", deliver)
        if isinstance(trouble, DATABASE_AWAY):
            # The database is away, and whatever came next would only wait for it in vain.
            return max(pause, AWAY)
        for job in self.jobs:
            if not self.stopping and time.monotonic() >= job.due:
                failed = self.attempt(job.name, job.work) is not None
                job.due = time.monotonic() + (min(job.every, AGAIN) if failed else job.every)
        if trouble:
            return max(pause, AWAY)
        self.last_round = timezone.now()
        return 0 if delivered else pause

    def attempt(self, name: str, work: Callable[[], object]) -> Exception | None:
        """Do some work and return what went wrong, if anything did."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  whatever is wrong with this, the others must go on
            # Class and place only: what an error says may quote what a visitor wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("%s failed (%s in %s:%s); trying again", name, type(error).__name__, place.name, place.lineno)
            if isinstance(error, (db.Error, *DATABASE_AWAY)):
                connection.close()
            return error
        return None

    def rest(self, seconds: float) -> None:
        """Sleep, but not through a request to stop."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(NAP, left))
