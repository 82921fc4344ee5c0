"""`manage.py load_library [DIR]`: loads the sample site or a clinic's own files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from content.loading.load import LibraryError, load
from content.loading.write import Tally
from content.models import Article


class Command(BaseCommand):
    """Reads and checks every file first; then writes everything or nothing."""

    help = "Load a library of articles, therapies and centers. Loading twice changes nothing; other rows stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional folder, and whether content that is there already is left alone."""
        sample = Path(apps.get_app_config("content").path) / "library"
        parser.add_argument(
            "folder", nargs="?", type=Path, default=sample, metavar="DIR", help="by default the sample site"
        )
        parser.add_argument(
            "--once", action="store_true", help="do nothing where there is an article already: it may have been edited"
        )

    def handle(self, *args: Any, folder: Path, once: bool, verbosity: int, **options: Any) -> None:
        """Load, telling of each kind; fail with every mistake as path:line: sentence."""
        try:
            if once and Article.objects.exists():
                if verbosity:
                    self.stdout.write("There are articles already; they stay as they are.")
                return
            tallies = load(folder, self._tell if verbosity else _keep_quiet, now=timezone.now())
        except LibraryError as error:
            lines = "\n".join(str(problem) for problem in error.problems)
            raise CommandError(f"nothing was loaded from {folder}:\n{lines}") from error
        except DatabaseError as error:
            raise CommandError(f"nothing was loaded: the database answered: {error}") from error
        if not verbosity:
            return
        new, changed = sum(tally.new for tally in tallies), sum(tally.changed for tally in tallies)
        self.stdout.write(f"Loaded: {new} new, {changed} changed." if new or changed else "Nothing had to be changed.")

    def _tell(self, tally: Tally) -> None:
        self.stdout.write(str(tally))
        self.stdout.flush()


def _keep_quiet(tally: Tally) -> None:
    """Say nothing: the command was asked for verbosity 0."""
