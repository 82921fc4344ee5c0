"""`manage.py purge_requests`: erase what was asked to be erased and what is older than it may be kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from consultations.limits import counting
from consultations.privacy import purging, retention

# Erased between two lines of progress.
EACH = 100


class Command(BaseCommand):
    help = (
        "Erase requests whose visitors asked for it, and those to which nothing happened for as many days as managers set for "
        "their status (in the admin: times that requests are kept). What is on legal hold is kept. The worker does this every "
        "day by itself; a second run finds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would be erased, and erase nothing.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Erase with a line of progress now and then, and print how many for what reason; or print what would go."""
        now = timezone.now()
        if dry_run:
            self._plan(now)
            return
        total = retention.due(now).count()
        counts = purging.purge(now=now, progress=lambda done: self._progress(done, total))
        counting.prune(now=now)
        for reason in purging.REASONS:
            self.stdout.write(f"{reason}: {counts[reason]}")

    def _progress(self, done: int, total: int) -> None:
        if done % EACH == 0:
            self.stdout.write(f"{done} of {total}")
            self.stdout.flush()

    def _plan(self, now: dt.datetime) -> None:
        self.stdout.write("Dry run: nothing is erased.\n\n")
        self.stdout.write(f"{'status':<20}{'days kept':>10}{'due':>8}{'on hold':>9}  oldest received")
        for one in purging.plan(now):
            oldest = f"{one.oldest:%Y-%m-%d}" if one.oldest else "-"
            self.stdout.write(f"{one.status.label:<20}{one.days or 'always':>10}{one.due:>8}{one.held:>9}  {oldest}")
        self.stdout.write(f"\n{'table':<32}{'rows':>8}  what becomes of them")
        for row in purging.touched(now):
            words = f"{row.what}; stays: {row.stays}" if row.stays else row.what
            self.stdout.write(f"{row.table:<32}{row.rows:>8}  {words}")
