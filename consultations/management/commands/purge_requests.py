"""`manage.py purge_requests`: erase what was asked to be erased and what is older than it may be kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultations.limits import counting
from consultations.privacy import purging, retention


class Command(BaseCommand):
    help = (
        "Erase requests whose visitors asked for it, closed ones that nobody touched for --months, and spam untouched for "
        f"{retention.SPAM_MONTHS} months. What is on legal hold is kept. The worker does this every day by itself; a second "
        "run finds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write, and how long to keep."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would be erased, and erase nothing.")
        parser.add_argument("--months", type=int, default=retention.MONTHS, help="How long (default %(default)s).")

    def handle(self, *args: Any, dry_run: bool, months: int, **options: Any) -> None:
        """Erase, and print how many for what reason."""
        if not 1 <= months <= 1200:
            raise CommandError("--months must be between 1 and 1200.")
        now = timezone.now()
        counts = purging.purge(now=now, months=months, dry_run=dry_run)
        if dry_run:
            self.stdout.write("Dry run: nothing is erased.")
        else:
            counting.prune(now=now)
        for reason in purging.REASONS:
            self.stdout.write(f"{reason}: {counts[reason]}")
