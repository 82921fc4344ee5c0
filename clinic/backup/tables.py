"""The database as a backup sees it: its tables, their rows as they are stored, and a moment at which all of it is read.

Rows are read and written past the models, so that what is encrypted stays as it is. On PostgreSQL every value is the database's own
text of it (COPY); on SQLite it is the stored number, text or bytes. SQLite's write-ahead log and PostgreSQL's REPEATABLE READ let the
site go on writing meanwhile. No program beside the site is needed, such as a `pg_dump` of the server's version.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Who was logged in at the time is not logged in by a restore.
LEFT_OUT = {"django_session", "usersessions_usersession"}
BEGIN = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}

type Row = Iterable[Any]


@dataclass
class Tally:
    """How many rows of a table there are, and a digest of them in whatever order: the sum of their SHA-256."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a row, as `line_of` writes it."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    def said(self) -> dict[str, Any]:
        """Return it as a manifest holds it."""
        return {"rows": self.rows, "digest": f"{self.total:064x}"}


def here() -> BaseDatabaseWrapper:
    """Return this thread's connection."""
    return connections[DEFAULT_DB_ALIAS]


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection of its own, on which the whole database stays as it is at the first look."""
    own = here().copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    with closing(own):
        with own.cursor() as cursor:
            cursor.execute(BEGIN[own.vendor])
        yield own


def columns(db: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Return the columns of each table that is there and belongs in a backup, by its name."""
    names = sorted({*db.introspection.django_table_names(only_existing=True, include_views=False)} - LEFT_OUT)
    return {name: _columns(db, name) for name in names}


def count(db: BaseDatabaseWrapper, table: str) -> int:
    """Return how many rows a table has."""
    with db.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_quoted(db, table)}")  # noqa: S608  a table's own name, quoted
        found: int = cursor.fetchone()[0]
    return found


def occupied(db: BaseDatabaseWrapper, table: str) -> bool:
    """Return whether a table has rows."""
    with db.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {_quoted(db, table)} LIMIT 1")  # noqa: S608  as above
        return cursor.fetchone() is not None


def read(db: BaseDatabaseWrapper, table: str, names: list[str]) -> Iterator[Row]:
    """Yield the rows of a table as they are stored, without holding them all."""
    if db.vendor == "postgresql":
        listed = _listed(db, names)
        with (
            db.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {listed} FROM {_quoted(db, table)}) TO STDOUT") as copy,  # noqa: S608  as above
        ):
            yield from copy.rows()
        return
    # An expression has no declared type: the driver hands its value out as it is.
    listed = ", ".join(f"+{_quoted(db, name)}" for name in names)
    with closing(db.connection.cursor()) as cursor:
        yield from cursor.execute(f"SELECT {listed} FROM {_quoted(db, table)}")  # noqa: S608  as above


def write(db: BaseDatabaseWrapper, table: str, names: list[str], rows: Iterable[Row]) -> None:
    """Write rows as `read` yields them."""
    into = f"{_quoted(db, table)} ({_listed(db, names)})"
    if db.vendor == "postgresql":
        with db.wrap_database_errors, db.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    # The driver's own cursor takes row by row from an iterator; Django's would keep them.
    with db.wrap_database_errors, closing(db.connection.cursor()) as cursor:
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608  as above


def line_of(row: Row) -> bytes:
    """Return a row as one line of JSON; bytes become base64 under the name "b"."""
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), default=_bytes)
    return text.encode() + b"\n"


def row_of(line: bytes) -> list[Any]:
    """Return the row of a line."""
    row: list[Any] = json.loads(line)
    return [base64.b64decode(value["b"]) if isinstance(value, dict) else value for value in row]


@contextmanager
def emptied(db: BaseDatabaseWrapper, names: Iterable[str]) -> Iterator[None]:
    """Take all rows from the tables and keep the database's triggers from refusing others until the end of the block.

    The triggers keep what was once written from changing; what is written here was written then. Keys between tables are checked at
    the end. Call it in a transaction.
    """
    tables = [_quoted(db, name) for name in names]
    with db.cursor() as cursor:
        if db.vendor == "postgresql":
            lower = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            raised = [one.replace(" DISABLE ", " ENABLE ") for one in lower]
            again = ["SET CONSTRAINTS ALL IMMEDIATE", *raised, "SET CONSTRAINTS ALL DEFERRED"]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = cursor.fetchall()
            lower, again = [f"DROP TRIGGER {db.ops.quote_name(name)}" for name, _ in found], [sql for _, sql in found]
        for statement in [*lower, *(f"DELETE FROM {table}" for table in tables)]:  # noqa: S608  as above
            cursor.execute(statement)
        yield
        for statement in again:
            cursor.execute(statement)


def reset_sequences(db: BaseDatabaseWrapper) -> None:
    """Let new rows of PostgreSQL be numbered after the last; SQLite does by itself."""
    if db.vendor != "postgresql":
        return
    with db.cursor() as cursor:
        for one in db.introspection.sequence_list():
            table, column = _quoted(db, one["table"]), _quoted(db, one["column"])
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), coalesce(max({column}), 1), max({column}) IS NOT NULL)"  # noqa: S608
                f" FROM {table}",
                [table, one["column"]],
            )


def _columns(db: BaseDatabaseWrapper, table: str) -> list[str]:
    with db.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(db, table)} LIMIT 0")  # noqa: S608  a table's own name, quoted
        return [column[0] for column in cursor.description]


def _bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"b": base64.b64encode(value).decode()}
    raise TypeError(f"A stored value is a {type(value).__name__}.")


def _quoted(db: BaseDatabaseWrapper, name: str) -> str:
    return db.ops.quote_name(name)


def _listed(db: BaseDatabaseWrapper, names: list[str]) -> str:
    return ", ".join(_quoted(db, name) for name in names)
