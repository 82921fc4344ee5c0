"""`manage.py migrate`, which on PostgreSQL waits for a lock for a few seconds only, and then tries again."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections


class Command(migrate.Command):
    help = (
        f"{migrate.Command.help} On PostgreSQL a change that has to wait for a lock gives up soon, and is tried again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how long a lock is waited for, and how often."""
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds",
            type=float,
            default=3,
            help="How long a change waits for a lock, while everybody who wants that table waits behind it; 0: without end.",
        )
        parser.add_argument(
            "--tries", type=int, default=10, help="How often it is tried until this ends with an error."
        )

    def handle(self, *args: Any, lock_seconds: float, tries: int, **options: Any) -> str | None:
        """Migrate.

        Raises:
            CommandError: somebody held a table during all tries. What was done before stays; that migration has done nothing,
                unless it is one of those that are not atomic.
        """
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            before = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{lock_seconds * 1000:.0f}ms"])
        try:
            return self._tried(max(tries, 1), lock_seconds, args, options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", before)

    def _tried(self, tries: int, pause: float, args: tuple[Any, ...], options: dict[str, Any]) -> str | None:
        for left in reversed(range(tries)):
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        "A table was held by others during all tries, as by a long report or a transaction that nobody ended"
                        " (pg_stat_activity shows them). The last migration shown has done nothing. Run migrate again."
                    ) from error
                self.stderr.write(f"\nA table is held by others; {left} tries left.")
                # Those who queued behind us come first.
                time.sleep(pause)
        return None
