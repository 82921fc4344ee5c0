"""Puts a backup into an empty database. Everything that can be known before is checked before anything is written.

First the whole file is read and checked; then its rows are written, read again and compared with the manifest, and the erased are erased
anew, all in one transaction: afterwards the database holds the whole backup, or nothing of it.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from clinic.backup import tables
from clinic.backup.making import Header, Manifest, Progress, Say, opens, rows_of
from clinic.backup.refusals import BackupRefused
from clinic.backup.sealing import Opener
from clinic.backup.tables import Tally
from consultations.privacy import replaying
from consultations.privacy.erased import Noted

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# What a database holds right after `migrate`: rows of these alone make it no less empty.
OF_MIGRATIONS = set(
    "auth_group auth_group_permissions auth_permission django_content_type consultations_callrule consultations_consenttext "
    "consultations_retentionrule".split()
)


class Restore:
    """One backup on its way back: `check` it, then `load` it.

    Args:
        path: the file.
        key: BACKUP_KEY.
        say: gets a line of progress now and then.
    """

    def __init__(self, path: Path, key: str, say: Say) -> None:
        self.path, self.key, self.say = path, key, say
        self.header: Header = {}
        self.manifest: Manifest = {}

    def size(self) -> tuple[int, int]:
        """Return how many rows of how many tables there are, once it was checked."""
        return rows_of(self.manifest), len(self.manifest["tables"])

    def check(self, *, any_field_keys: bool = False) -> None:
        """Read the whole file; write nothing, and ask the database nothing.

        Args:
            any_field_keys: take a backup whose encrypted texts no key in FIELD_KEYS opens.

        Raises:
            BackupRefused: it is damaged, or of another kind or version.
        """
        with self._opened() as lines:
            found = {name: _tally(rows).said() for name, rows in self._tables(lines, "Checked")}
        if found != self.manifest["tables"]:
            raise BackupRefused("The rows in the file are not those that its manifest names.")
        _refuse_other_kind(self.header)
        _refuse_other_migrations(self.header)
        if not any_field_keys:
            _refuse_other_field_keys(self.manifest)

    def load(self, noted: Noted) -> int:
        """Write all rows, compare them, and erase who was erased since; return how many that were.

        Raises:
            BackupRefused: the database is not empty, or what was written is not what was read; nothing of it stays.
        """
        _refuse_occupied()
        call_command("migrate", interactive=False, verbosity=0)
        _refuse_other_columns(self.header)
        try:
            with transaction.atomic():
                self._write()
                self._compare()
                tables.reset_sequences(tables.here())
                return replaying.replay(noted, now=timezone.now())
        except DatabaseError as error:
            # The first line names the rule; what follows may quote a row.
            reason = str(error).partition("\n")[0]
            raise BackupRefused(f"The database refused a row, and nothing was restored: {reason}") from None

    def _progress(self, verb: str) -> Progress:
        return Progress(self.say, verb, rows_of(self.header))

    def _write(self) -> None:
        with tables.emptied(tables.here(), self.header["tables"]), self._opened() as lines:
            for name, rows in self._tables(lines, "Restored"):
                tables.write(tables.here(), name, self.header["tables"][name]["columns"], map(tables.row_of, rows))

    def _compare(self) -> None:
        """Read every row again and compare number and digest of each table with the manifest."""
        progress = self._progress("Compared")
        for name, wanted in self.manifest["tables"].items():
            tally = Tally()
            for row in tables.read(tables.here(), name, self.header["tables"][name]["columns"]):
                tally.add(tables.line_of(row))
                progress.step(name)
            if tally.said() != wanted:
                raise BackupRefused(
                    f"Table {name} is not what the backup holds ({tally.rows} rows of {wanted['rows']}, or other "
                    "contents). Nothing was restored."
                )

    @contextmanager
    def _opened(self) -> Iterator[gzip.GzipFile]:
        """Yield the lines of the file."""
        with (
            self.path.open("rb") as file,
            io.BufferedReader(Opener(file, self.key)) as opened,
            gzip.GzipFile(fileobj=opened, mode="rb") as lines,
        ):
            yield lines

    def _tables(self, lines: gzip.GzipFile, verb: str) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each table's name with its lines, which have to be taken before the next; keep header and manifest."""
        self.header = json.loads(next(lines))
        progress = self._progress(verb)
        line = next(lines)
        while "table" in (control := json.loads(line)):
            rest: list[bytes] = []
            yield control["table"], _rows(lines, rest, control["table"], progress)
            line = rest[0]
        self.manifest = control
        # The end of the file is checked only by who reads up to it.
        if lines.read():
            raise BackupRefused("The file goes on after its manifest.")


def _rows(lines: Iterable[bytes], rest: list[bytes], table: str, progress: Progress) -> Iterator[bytes]:
    """Yield lines that are rows; put the one after them into `rest`."""
    for line in lines:
        if not line.startswith(b"["):
            rest.append(line)
            return
        progress.step(table)
        yield line
    raise BackupRefused("The file has no manifest.")


def _tally(rows: Iterable[bytes]) -> Tally:
    tally = Tally()
    for line in rows:
        tally.add(line)
    return tally


def _refuse_other_kind(header: Header) -> None:
    if header["database"] != connection.vendor:
        made, here = KINDS[header["database"]], KINDS[connection.vendor]
        raise BackupRefused(f"This is a backup of {made}, and DATABASE_URL names {here}: restore it into {made}.")


def _refuse_other_migrations(header: Header) -> None:
    """Refuse what another version of the project wrote: its columns may mean something else."""
    made = {f"{app}.{name}" for app, name in header["migrations"]}
    here = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if made != here:
        only = {"only in the backup": made - here, "only here": here - made}
        named = "; ".join(f"{where}: {', '.join(sorted(names)[:5])}" for where, names in only.items() if names)
        raise BackupRefused(
            f"The backup was made by another version of the project, with other migrations ({named}). Restore it with that "
            "version, then update and run `manage.py migrate`."
        )


def _refuse_other_field_keys(manifest: Manifest) -> None:
    shut = [column for column, texts in manifest["samples"].items() if not all(map(opens, texts))]
    if shut:
        raise BackupRefused(
            f"FIELD_KEYS does not open the encrypted texts of this backup ({', '.join(shut)}). Set the keys of that time behind "
            "the newest one; where they are lost, --any-field-keys restores all the rest."
        )


def _refuse_occupied() -> None:
    full = [
        name for name in tables.columns(tables.here()).keys() - OF_MIGRATIONS if tables.occupied(tables.here(), name)
    ]
    if full:
        named = ", ".join(sorted(full)[:5]) + (" and others" if len(full) > 5 else "")
        raise BackupRefused(
            f"The database is not empty: there are rows in {named}. Restore into a new, empty database; nothing was changed."
        )


def _refuse_other_columns(header: Header) -> None:
    """Refuse a database whose tables are others although its migrations have the same names."""
    here = {name: sorted(names) for name, names in tables.columns(tables.here()).items()}
    made = {name: sorted(one["columns"]) for name, one in header["tables"].items()}
    if here != made:
        differ = sorted(name for name in here.keys() | made.keys() if here.get(name) != made.get(name))
        raise BackupRefused(f"These tables have other columns than in the backup: {', '.join(differ[:5])}.")
