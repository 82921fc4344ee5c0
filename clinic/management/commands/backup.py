"""`manage.py backup`: writes a sealed backup of the database while the site runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from clinic.backup import making
from consultations.models import Chore


class Command(BaseCommand):
    help = (
        "Write a backup of the whole database, sealed with BACKUP_KEY, as it is at one moment; the site may run meanwhile. "
        "Progress goes to the error stream."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument(
            "file",
            nargs="?",
            default="",
            help="A new file, or - for standard output (default: var/backups/TIME.backup).",
        )

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Write the file whole or not at all, and remember when the next one is due."""
        if not settings.BACKUP_KEY:
            raise CommandError(making.KEY_MISSING)
        now = timezone.now()
        path = Path(file or settings.VAR_DIR / "backups" / f"{now:%Y-%m-%dT%H-%M-%SZ}.backup")
        try:
            with standard_output() if file == "-" else whole_file(path) as out:
                manifest = making.write(out, key=settings.BACKUP_KEY, now=now, say=self.stderr.write)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {' '.join(str(error).split())}") from None
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error.strerror or error}.") from None
        Chore.objects.update_or_create(name=making.CHORE, defaults={"due_at": now + making.EVERY})
        rows = making.rows_of(manifest)
        self.stderr.write(
            f"{rows:,} rows of {len(manifest['tables'])} tables are in {'the output' if file == '-' else path}."
        )


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """Yield the standard output, flushed at the end."""
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that has its name only once it is whole and on the disk; its owner alone may read it.

    Raises:
        CommandError: there is one of this name.
    """
    if path.exists():
        raise CommandError(f"{path} is there already; a backup overwrites nothing.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
