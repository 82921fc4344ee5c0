"""`manage.py worker`: delivers queued mails, and tidies up, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

from django import db
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from consultations import booking, rates, waiting
from consultations.delivery import deliver_due

logger = logging.getLogger(__name__)

# Seconds between looks at whether to stop.
NAP = 0.2
# Seconds to wait for a database that is away.
AWAY = 1.0
# Seconds between deletions of what is only counted for a while.
TIDY = 3600
# Seconds between looks at times that were held or given up.
LOOK = 10


class Command(BaseCommand):
    help = "Deliver queued mails. Runs until SIGTERM or SIGINT; the mail in hand is finished first."
    stopping = False
    tidied: float | None = None
    looked: float | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between looks and whether to stop when nothing is due."""
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between looks at an empty queue.")
        parser.add_argument("--once", action="store_true", help="Deliver what is due now, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver until told to stop; a database that is away is waited for."""
        if options["once"]:
            self.stdout.write(f"Delivered: {deliver_due(now=timezone.now())}")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Worker is waiting for mails to deliver.")
        while not self.stopping:
            self.rest(self.turn(options["pause"]))
        self.stdout.write("Worker stopped.")

    def stop(self, *_: object) -> None:
        """Remember that somebody asked us to stop."""
        # A plain flag: a threading.Event that is being waited for may not be set from a signal handler.
        self.stopping = True

    def turn(self, pause: float) -> float:
        """Deliver what is due and return how many seconds to rest."""
        try:
            self.tidy()
            self.look_after_times()
            return 0 if deliver_due(now=timezone.now(), stop=lambda: self.stopping) else pause
        except db.Error as error:
            # The class only: a database repeats values in its complaints.
            logger.error("The database cannot be used (%s); trying again", type(error).__name__)
            connection.close()
            return max(pause, AWAY)

    def tidy(self) -> None:
        """Delete counters that are over, at the start and every hour."""
        if self.tidied is None or time.monotonic() - self.tidied > TIDY:
            rates.prune(now=timezone.now())
            self.tidied = time.monotonic()

    def look_after_times(self) -> None:
        """Every few seconds, give back held times whose minutes are over and offer what became free to who waits."""
        if self.looked is None or time.monotonic() - self.looked > LOOK:
            booking.release_expired_holds(now=timezone.now())
            waiting.offer_freed(now=timezone.now())
            self.looked = time.monotonic()

    def rest(self, seconds: float) -> None:
        """Sleep, but not through a request to stop."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(NAP, left))
