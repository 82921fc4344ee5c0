"""Whether PostgreSQL can be reached, and the number that public pages go by while it cannot.

A database that cannot be reached cannot have been changed through us either, so what pages went by is believed for a while
(LONGEST). It counts as that only when a connection of its own was refused, was not answered in time, or met a server that was
starting or stopping. A pool that is used up, a server that is slow and one without a place for one more connection are none of
these: readers wait for them, or are told that they have to, since somebody else may be withdrawing words just then.

What one process reads, others find in the cache server: a web process that starts in the meantime, and a node that has lost its
way to the database while another one has not. An edit is written there as well, so that a number from before it is not believed.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from psycopg.conninfo import make_conninfo

logger = logging.getLogger(__name__)

# For how long pages go by a number while the database cannot be reached.
LONGEST = dt.timedelta(minutes=10)
# Seconds. Where others have waited for an answer for so long, who asks next opens a connection of its own; after a failure nobody
# asks for PAUSE.
SLOW, PAUSE = 0.1, 0.5
# Seconds for which a page that is not kept waits for a database that is being restarted. Waiting longer would take up the threads
# that show kept pages.
BRIDGED = 3
# Seconds for a connection (the driver takes no less), and for the answer.
CONNECT, ANSWER = 2, 1
# How often a number that has not changed is written for other processes.
SHARED_EVERY = dt.timedelta(seconds=5)
CACHE_KEY = "content:version-read"
# What says who is asked, and not how.
ADDRESS = {"host", "hostaddr", "port", "dbname", "user", "service", "sslmode"}
FAILED = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)


class Unreachable(OperationalError):
    """The database cannot be reached."""


class VersionReading(NamedTuple):
    """The content version as it was read at a moment (UTC); None: it was raised then, and nobody has read it since."""

    number: int | None
    at: dt.datetime


class CircuitBreaker:
    """Keeps a process from waiting for a database that is away: knows who waits for an answer, and since when there has been none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._asking = 0
        self._waiting_since = 0.0
        self._away_since: float | None = None
        self._failed_at: float | None = None

    def is_lost(self) -> bool:
        """Return whether the database has been away for so long that nobody should wait for it any more."""
        since = self._away_since
        return since is not None and time.monotonic() - since > BRIDGED

    def ask(self, usual: Callable[[], int], by_itself: Callable[[], int]) -> int:
        """Return the number that `usual` reads, or `by_itself` where that fails or others have waited for it for long.

        Raises:
            Unreachable: the database cannot be reached.
        """
        if self._failed_at is None and not self._others_wait():
            try:
                return self._usually(usual)
            except FAILED as error:
                logger.warning("The content version could not be read: %s", type(error).__name__)
        return self._by_itself(by_itself)

    def _others_wait(self) -> bool:
        with self._lock:
            return self._asking > 0 and time.monotonic() - self._waiting_since > SLOW

    def _usually(self, usual: Callable[[], int]) -> int:
        with self._lock:
            if not self._asking:
                self._waiting_since = time.monotonic()
            self._asking += 1
        try:
            number = usual()
            self._waiting_since = time.monotonic()
        finally:
            with self._lock:
                self._asking -= 1
        return number

    def _by_itself(self, read: Callable[[], int]) -> int:
        # While it is away, one tries and nobody waits for that one; before that is known, all do.
        if not self._alone.acquire(blocking=self._failed_at is None):
            raise Unreachable
        try:
            if self._failed_at is not None and time.monotonic() - self._failed_at < PAUSE:
                raise Unreachable
            try:
                number = read()
            except Unreachable:
                if self._failed_at is None:
                    logger.error("The database cannot be reached: pages are shown as they were kept.")
                    self._away_since = time.monotonic()
                self._failed_at = time.monotonic()
                raise
            if self._failed_at is not None:
                logger.warning("The database can be reached again.")
                self._failed_at = self._away_since = None
            return number
        finally:
            self._alone.release()


def is_elsewhere() -> bool:
    """Return whether the database is a server, which may be away, and no transaction of ours is open."""
    return connection.vendor == "postgresql" and not connection.in_atomic_block


def read_by_itself(statement: str, parameters: dict[str, Any] | None = None) -> int:
    """Return the number that a statement reads over a new connection, with the site's `parameters`; 0 where there is no row.

    Raises:
        Unreachable: nobody is there, or nobody who lets connections in.
        psycopg.Error: somebody is there, and the number could not be read.
    """
    parameters = parameters or connection.get_connection_params()
    try:
        with psycopg.connect(**parameters | {"connect_timeout": CONNECT}) as own:
            own.execute(f"SET statement_timeout = {1000 * ANSWER}")
            row = own.execute(statement.encode()).fetchone()
    except psycopg.errors.ConnectionTimeout:
        raise Unreachable from None
    except psycopg.OperationalError as error:
        if _lets_in(parameters):
            raise
        raise Unreachable from error
    return int(row[0]) if row else 0


def _lets_in(parameters: dict[str, Any]) -> bool:
    """Return whether a server answers there that is not starting or stopping, be it that it has no place for us."""
    address = {name: value for name, value in parameters.items() if name in ADDRESS}
    found = psycopg.pq.PGconn.ping(make_conninfo(**address, connect_timeout=CONNECT).encode())
    return found == psycopg.pq.Ping.OK


def share(reading: VersionReading) -> bool:
    """Write a reading for other processes; return False, and leave what is there, where that is a later one."""
    known = shared()
    later = known is not None and known.at > reading.at
    if not later:
        cache.set(CACHE_KEY, tuple(reading), LONGEST.total_seconds())
    return not later


def shared() -> VersionReading | None:
    """Return the reading that other processes, or this one, wrote last."""
    found = cache.get(CACHE_KEY)
    # What a server of its own gives out may be anything.
    return VersionReading(*found) if isinstance(found, tuple) and len(found) == len(VersionReading._fields) else None


def latest_usable(own: VersionReading | None, not_before: dt.datetime, now: dt.datetime) -> VersionReading:
    """Return the latest reading there is: `own`, or what others wrote.

    Args:
        own: what this process read last.
        not_before: when this process last changed content itself.
        now: the moment (UTC).

    Raises:
        Unreachable: there is none, it is older than LONGEST, or content was changed after it.
    """
    latest = max((reading for reading in (own, shared()) if reading), key=lambda reading: reading.at, default=None)
    if latest is None or latest.number is None or latest.at < not_before or now - latest.at > LONGEST:
        raise Unreachable("The database cannot be reached, and it is not known what pages show now.")
    if latest == own:
        share(latest)
    return latest
