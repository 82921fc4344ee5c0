"""`manage.py rebuild_search`: writes everything that search knows anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from content import versions
from content.search import indexing


class Command(BaseCommand):
    """For repair, as after rows were written past Django; saving, approving, loading and migrating keep search right."""

    help = "Write everything that search knows anew."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        """Rebuild, and say how many entries there are."""
        number = indexing.rebuild(now=timezone.now())
        # Processes hold what they search in until the content version changes.
        versions.bump()
        if verbosity:
            self.stdout.write(f"{number} things can be found.")
