"""Reads of public pages from a copy of the database (REPLICA_URL), as far as that copy has come; all else stays with the database itself.

Which version a page is drawn at is what the database says (caching.py). The copy draws it where it has come at least that far, which
is asked on the very connection that draws, so a page is never older than the version that it is kept under. A copy that is behind,
is away or does not answer in time leaves the page to the database. Imports versions.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any

import psycopg
from django import db
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from content import versions
from content.time_limit import shut_down, time_limit

logger = logging.getLogger(__name__)

ALIAS = "replica"
# A copy that failed is left alone for so long, so that only few readers wait for it in vain.
AGAIN = dt.timedelta(seconds=10)
# A page that is not drawn by then is drawn anew from the database.
LONGEST_SECONDS = 2.0
# Django translates most of what the driver raises.
TROUBLE = (db.Error, psycopg.Error)

_drawing: ContextVar[bool] = ContextVar("drawing_from_replica", default=False)


class Router:
    """Sends reads of content to the replica within `from_replica`, and everything else to the database."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Name the database to read from, also for what belongs to rows that came from the replica: by default it would come from there."""
        public = _drawing.get() and model._meta.app_label == "content"  # noqa: SLF001  Django's own public way
        return ALIAS if public and not connections[DEFAULT_DB_ALIAS].in_atomic_block else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Name the database itself."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Take rows of both for rows of one database."""
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        """Keep migrations away from the copy."""
        return database != ALIAS


class Replica:
    """What this process knows of the copy: whether it failed lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed_at: dt.datetime | None = None

    def reached(self, version: int, now: dt.datetime) -> bool:
        """Return whether this thread's connection to the copy sees content version `version`; False where it cannot be asked."""
        failed_at = self._failed_at
        if failed_at is not None and dt.timedelta(0) <= now - failed_at < AGAIN:
            return False
        number = versions.current(ALIAS)
        with self._lock:
            if self._failed_at is not None:
                logger.warning("The replica can be used again.")
                self._failed_at = None
        return number >= version

    def fail(self, error: Exception, now: dt.datetime) -> None:
        """Note that it cannot be used now, and give up its connections; only the first failure of many is logged."""
        with self._lock:
            if self._failed_at is None:
                # The class only: what it says may hold the server's address.
                logger.warning("The replica cannot be used (%s): the database answers instead.", type(error).__name__)
            self._failed_at = now
            own = connections[ALIAS]
            with contextlib.suppress(*TROUBLE):
                own.close()
            if own.vendor == "postgresql":
                # Others in the pool are broken as well after a restart, and would each cost a reader a failure.
                own.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it


@contextlib.contextmanager
def from_replica() -> Iterator[None]:
    """Let reads of content go to the replica within the block; whoever waits for longer than LONGEST_SECONDS is cut off."""
    token = _drawing.set(True)
    try:
        # The connection is this thread's: the one that cuts it off has another.
        with time_limit(LONGEST_SECONDS, partial(_cut, connections[ALIAS])):
            yield
    finally:
        _drawing.reset(token)


def _cut(own: Any) -> None:
    """Shut a connection down below its driver, which may wait for a server that is silent."""
    raw = own.connection
    if own.vendor != "postgresql" or raw is None:
        return
    with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(raw.fileno())) as end:
        shut_down(end)


class ReplicaMiddleware:
    """Draws public pages from the replica where it has come as far as they need; it stands next to the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.replica = Replica()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave all to `process_view`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return the page, or None where the database has to draw it."""
        if not _is_public(request) or connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return None
        try:
            with from_replica():
                if not self.replica.reached(request.content_version, timezone.now()):  # type: ignore[attr-defined]  # see caching.py
                    return None
                response = view(request, *args, **kwargs)
                # Pages are drawn only when they are sent, which would be outside of the block.
                return response.render() if hasattr(response, "render") else response
        except TROUBLE as error:
            self.replica.fail(error, timezone.now())
            return None


def _is_public(request: HttpRequest) -> bool:
    """Whether the content version decides how old the page is: not where somebody is logged in, who may see drafts."""
    match = request.resolver_match
    return (
        hasattr(request, "content_version")
        and match is not None
        and match.app_name == "content"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
