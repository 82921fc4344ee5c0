"""`manage.py worker`: delivers queued mails until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from consultations.delivery import deliver_due

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Deliver queued mails. Runs until SIGTERM or SIGINT; the mail in hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between looks and whether to stop when nothing is due."""
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between looks at an empty queue.")
        parser.add_argument("--once", action="store_true", help="Deliver what is due now, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver until told to stop; a database that is away is waited for."""
        if options["once"]:
            self.stdout.write(f"Delivered: {deliver_due(now=timezone.now())}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Worker is waiting for mails to deliver.")
        while not stop.is_set():
            try:
                delivered = deliver_due(now=timezone.now())
            except DatabaseError:
                logger.exception("The database cannot be used; trying again")
                connection.close()
                delivered = 0
            if not delivered:
                stop.wait(options["pause"])
        self.stdout.write("Worker stopped.")
