"""`manage.py purge_requests`: erase what was asked to be erased and what is older than it may be kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultations import rates, retention
from consultations.exceptions import OnLegalHold, TooLate
from consultations.models import ConsultationRequest
from consultations.statuses import Status

REASONS = ("asked for", "closed", "spam", "kept: legal hold", "kept until after the appointment")


class Command(BaseCommand):
    help = (
        "Erase requests whose visitors asked for it, closed ones that nobody touched for --months, and spam untouched for "
        f"{retention.SPAM_MONTHS} months. What is on legal hold is kept. Run it every night; a second run finds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write, and how long to keep."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would be erased, and erase nothing.")
        parser.add_argument("--months", type=int, default=retention.MONTHS, help="How long (default %(default)s).")

    def handle(self, *args: Any, dry_run: bool, months: int, **options: Any) -> None:
        """Erase each on its own, so that a stop loses nothing, and print how many for what reason."""
        if not 1 <= months <= 1200:
            raise CommandError("--months must be between 1 and 1200.")
        now = timezone.now()
        counts: Counter[str] = Counter()
        for request in retention.due(now, months=months).defer("message").iterator(chunk_size=200):
            counts[_carry_out(request, now, dry_run=dry_run)] += 1
        if dry_run:
            self.stdout.write("Dry run: nothing is erased.")
        else:
            rates.prune(now=now)
        for reason in REASONS:
            self.stdout.write(f"{reason}: {counts[reason]}")


def _carry_out(request: ConsultationRequest, now: dt.datetime, *, dry_run: bool) -> str:
    """Erase one and return why, or why not."""
    reason = "spam" if request.status == Status.SPAM else "closed"
    if request.erasure_asked_at is not None:
        reason = "asked for"
    if dry_run:
        return "kept: legal hold" if request.legal_hold else reason
    try:
        retention.erase(request, by=None, now=now)
    except OnLegalHold:
        return "kept: legal hold"
    except TooLate:
        # Somebody may be on their way already; a day later it is over.
        return "kept until after the appointment"
    return reason
