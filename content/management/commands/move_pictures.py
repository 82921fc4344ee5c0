"""`manage.py move_pictures --to storage|database`: moves the bytes of pictures that are there already."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.media import keeping, moving


class Command(BaseCommand):
    help = "Move the bytes of uploaded pictures into the storage of MEDIA_STORAGE, or back into the database. May be run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--to", choices=["storage", "database"], required=True)

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        """Move, tell how far it is, and name each file that could not be moved."""
        if keeping.storage() is None:
            raise CommandError("MEDIA_STORAGE is not set: there is no storage beside the database.")
        to_storage = to == "storage"
        total, failed = moving.waiting(to_storage=to_storage), 0
        for number, trouble in enumerate(moving.move(to_storage=to_storage), start=1):
            failed += bool(trouble)
            if trouble or options["verbosity"] > 1:
                self.stderr.write(f"{number} of {total}: {trouble or 'moved'}")
        self.stdout.write(f"Moved into the {to}: {total - failed} of {total} files.")
        if failed:
            raise CommandError(f"{failed} stay where they are; run it again once the storage answers.")
