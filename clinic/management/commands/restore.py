"""`manage.py restore`: puts a backup into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.backup import making
from clinic.backup.refusals import BackupRefused
from clinic.backup.restoring import Restore
from consultations.privacy import erased


class Command(BaseCommand):
    help = (
        "Check a backup and put it into the empty database that DATABASE_URL names, all of it or nothing. Whoever is on the list "
        "of the erased is erased again."
    )
    # What the database lacks is written by this command.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """What from, and who must not come back."""
        parser.add_argument("file", type=Path, help="What `manage.py backup` wrote.")
        lists = parser.add_mutually_exclusive_group()
        lists.add_argument(
            "--erased",
            type=Path,
            action="append",
            help="A list of the erased; once for each machine that had one (default: ERASED_FILE).",
        )
        lists.add_argument("--nobody-erased", action="store_true", help="Nobody was erased since: no list is needed.")
        parser.add_argument("--check", action="store_true", help="Only read and check the file.")
        parser.add_argument(
            "--any-field-keys",
            action="store_true",
            help="Restore although FIELD_KEYS does not open the encrypted texts.",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Check everything, write, compare, erase anew; a refusal is a sentence."""
        if not settings.BACKUP_KEY:
            raise CommandError(making.KEY_MISSING)
        try:
            self.restore(Restore(file, settings.BACKUP_KEY, self.stderr.write), options)
        except BackupRefused as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {' '.join(str(error).split())}") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from None

    def restore(self, backup: Restore, options: dict[str, Any]) -> None:
        """Do what was asked for; raises what `Restore` does."""
        erased_since = None if options["check"] or options["nobody_erased"] else self.noted(options["erased"])
        backup.check(any_field_keys=options["any_field_keys"])
        rows, number = backup.size()
        self.stderr.write(f"The file is whole: {rows:,} rows of {number} tables, of {backup.header['made_at']}.")
        if options["check"]:
            return
        again = backup.load(erased_since or frozenset())
        # A page that is kept under a later version of the contents would be served when that number comes again.
        try:
            for cache in caches.all():
                cache.clear()
        except Exception as error:  # noqa: BLE001  whatever the server of a cache raises, the rows are restored
            self.stderr.write(
                f"The cache could not be emptied ({type(error).__name__}): empty it before the web server starts."
            )
        self.stdout.write(
            f"{rows:,} rows of {number} tables are restored; each is the one in the backup. Erased again: {again}."
        )

    def noted(self, paths: list[Path] | None) -> erased.Noted:
        """Return who must not come back."""
        try:
            return erased.read(paths or [Path(settings.ERASED_FILE)])
        except FileNotFoundError as error:
            raise CommandError(
                f"There is no list of the erased at {error.filename}: name it with --erased, or say --nobody-erased where nobody was "
                "erased since the backup was made."
            ) from None
        except OSError as error:
            raise CommandError(f"The list of the erased cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
