"""Makes a backup: every row of one moment, with what a restore has to know and to check.

The sealed text is JSON lines, compressed: first what it is of (`header`), then for each table a line with its name and a line for each
row, at last the `manifest`: rows and digest of each table, and some encrypted texts by which a restore sees whether FIELD_KEYS opens them.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import time
from collections.abc import Callable
from typing import IO, Any

from cryptography.fernet import InvalidToken
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from clinic.backup import tables
from clinic.backup.pictures import TABLE, StoredPictures
from clinic.backup.sealing import Sealer
from clinic.backup.tables import Tally
from clinic.doctor.findings import counted
from consultations.models.fields import current_fernet
from consultations.privacy import keys

KEY_MISSING = (
    "BACKUP_KEY is missing: set it, or BACKUP_KEY_FILE, to a key that is in no other setting. Make one with: "
    'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)
# Written down as a chore, so that the doctor sees when the next backup was due.
CHORE = "backup"
EVERY = dt.timedelta(days=1)
# Encrypted texts of each column that a restore tries to open.
SAMPLES = 5
# Seconds between two lines of progress.
PAUSE = 2.0
COMPRESSION = 4

type Say = Callable[[str], None]
type Header = dict[str, Any]
type Manifest = dict[str, Any]


class Progress:
    """Says how far it is, at most every other second."""

    def __init__(self, say: Say, verb: str, total: int) -> None:
        self.say, self.verb, self.total = say, verb, total
        self.rows = 0
        self.next = time.monotonic() + PAUSE

    def step(self, table: str) -> None:
        """Count a row."""
        self.rows += 1
        if time.monotonic() >= self.next:
            self.say(f"{self.verb} {self.rows:,} of {self.total:,} rows; now {table}")
            self.next = time.monotonic() + PAUSE


def rows_of(said: Header | Manifest) -> int:
    """Return how many rows a header or a manifest tells of, in all tables."""
    return sum(one["rows"] for one in said["tables"].values())


def write(file: IO[bytes], *, key: str, now: dt.datetime, say: Say) -> Manifest:
    """Write a sealed backup of the database as it is at this moment into a file, and return its manifest.

    The site may go on writing. What comes after the moment is not in it.
    """
    sealer = Sealer(file, key)
    with tables.snapshot() as db, gzip.GzipFile(fileobj=sealer, mode="wb", compresslevel=COMPRESSION, mtime=0) as out:
        header = _header(db, now)
        out.write(_line(header))
        progress = Progress(say, "Saved", rows_of(header))
        pictures = StoredPictures()
        manifest: Manifest = {
            "tables": {
                name: _table(db, name, one["columns"], out, progress, pictures)
                for name, one in header["tables"].items()
            }
        }
        manifest["samples"] = {name: [*filter(opens, texts)] for name, texts in newest_texts(db).items()}
        out.write(_line(manifest))
    sealer.finish()
    if pictures.missing:
        say(
            f"The bytes of {counted(len(pictures.missing), 'file')} of pictures are not in the backup: {pictures.missing[0]}. "
            "All the rest is; make another one once the storage of MEDIA_STORAGE gives them."
        )
    return manifest


def newest_texts(db: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Return some of the newest texts of each encrypted column, sealed as they are."""
    found = {}
    for model, name in keys.columns():
        meta = model._meta  # noqa: SLF001  Django's own public way to a model's fields
        table, column, number = map(db.ops.quote_name, (meta.db_table, name, meta.pk.attname))
        with db.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY {number} DESC LIMIT {SAMPLES}")  # noqa: S608
            found[f"{meta.db_table}.{name}"] = [sealed for (sealed,) in cursor.fetchall()]
    return found


def opens(sealed: str) -> bool:
    """Return whether a key of FIELD_KEYS opens a text; as the encryption is authenticated, it is then the text that was sealed."""
    try:
        current_fernet().decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _header(db: BaseDatabaseWrapper, now: dt.datetime) -> Header:
    return {
        "made_at": now.isoformat(timespec="seconds"),
        "database": db.vendor,
        "migrations": sorted(map(list, MigrationRecorder(db).applied_migrations())),
        "tables": {
            name: {"columns": each, "rows": tables.count(db, name)} for name, each in tables.columns(db).items()
        },
    }


def _table(
    db: BaseDatabaseWrapper,
    name: str,
    columns: list[str],
    out: gzip.GzipFile,
    progress: Progress,
    pictures: StoredPictures,
) -> dict[str, Any]:
    """Write the rows of a table and return their number and digest."""
    tally = Tally()
    out.write(_line({"table": name}))
    rows = tables.read(db, name, columns)
    for row in pictures.with_bytes(db, columns, rows) if name == TABLE else rows:
        line = tables.line_of(row)
        out.write(line)
        tally.add(line)
        progress.step(name)
    return tally.said()


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"
