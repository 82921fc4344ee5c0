"""Raises the content version in the transaction of every change of content.

A page rendered under version n is not served once version n+1 is committed, unless nothing that it was drawn from has changed:
by the process that made the change from then on, by every other one at most BELIEVED later. What has changed is told by a
number for each table, which is raised together with the version. What a page was drawn from is noted by content/drawing.py.
While the database cannot be reached, processes go by the number that was read last, for a while: outages.py.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import F, Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from content import outages
from content.models import (
    ArticleReference,
    ClaimOverride,
    DeskMail,
    PreviewLink,
    ProposedChange,
    ProposedChangeEvent,
    RelatedArticle,
    Revision,
    RevisionComment,
    RevisionEvent,
    SearchEntry,
    SearchMiss,
    Section,
    UnsavedWords,
)
from content.models.version import ContentVersion, TableVersion

# What cannot change once readers see it (see migration 0002), and what they never see.
DESK = {
    Revision,
    Section,
    ArticleReference,
    RelatedArticle,
    RevisionEvent,
    ProposedChange,
    ProposedChangeEvent,
    ClaimOverride,
    RevisionComment,
    PreviewLink,
    DeskMail,
    UnsavedWords,
}
# What follows from other rows, and what no page shows.
FOLLOWS = {SearchEntry, SearchMiss}
# Before anything was ever written.
NONE = 0
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
NUMBER = "SELECT number FROM content_contentversion WHERE id = 1"
# For how long a process takes the number that it read last for the present one, so that kept pages are served without a query.
BELIEVED = dt.timedelta(milliseconds=250)
# Rows of these never change once readers see what they hang on (migration 0002): nothing that was drawn from them grows old.
LASTING = frozenset(model._meta.db_table for model in (Section, ArticleReference, RelatedArticle))  # noqa: SLF001
# The name under which the number of any table is kept, raised where it is not known which were changed.
ANY = ""
# The tables that have a number of their own. Of revisions, only the verbs of content/publishing raise it.
numbered: set[str] = {ANY, Revision._meta.db_table}  # noqa: SLF001
# Inside `gathered`: the tables of each bump that waits.
_waiting: ContextVar[list[str] | None] = ContextVar("content_version_waiting", default=None)


def bump(model: type[Model] | None = None) -> None:
    """Raise the version; call it inside the transaction that changes content past the models' own `save` and `delete`, before them.

    Args:
        model: the one whose rows were changed, and no others; None: whatever is drawn from any table is drawn anew.
    """
    table = model._meta.db_table if model else ANY  # noqa: SLF001
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(table)
    else:
        _raise([table])


def _raise(tables: list[str]) -> None:
    # The one row before any other: see ContentVersion.lock.
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.get_or_create(pk=1)
    for table in tables:
        if not TableVersion.objects.filter(pk=table).update(number=F("number") + 1):
            TableVersion.objects.get_or_create(pk=table)
    # Now for whoever asks within this transaction, and after it for all others.
    last_read.forget()
    transaction.on_commit(last_read.note_edit)
    # The edit is done by then, whether or not other processes learn of it.
    transaction.on_commit(last_read.share_edit, robust=True)


@contextmanager
def gathered() -> Iterator[None]:
    """Turn the bumps of a block into one at its end, or none; for a command that writes many rows in a transaction."""
    waiting: list[str] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        _raise(sorted(set(waiting)))


def current(database: str = DEFAULT_DB_ALIAS) -> int:
    """Return the version in one small query; NONE while there is none."""
    # Plain SQL: this is the only query that a kept page may need, and the ORM would double its cost.
    with connections[database].cursor() as cursor:
        cursor.execute(NUMBER)
        row = cursor.fetchone()
    return int(row[0]) if row else NONE


# A number, and when it was read.
type Read = tuple[int, dt.datetime]


class LastRead:
    """The number that this process read last, and when."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._breaker = outages.CircuitBreaker()
        self._edits = 0
        self._read: Read | None = None
        self._shared: Read | None = None
        self._edited_at = NEVER

    def forget(self) -> None:
        """Have it read anew; also a number that is being read just now is not kept."""
        with self._lock:
            self._edits += 1
            self._read = self._shared = None

    def forget_all(self) -> None:
        """Know as little as a new process does."""
        self.forget()
        self._edited_at = NEVER

    def note_edit(self) -> None:
        """Forget, and believe no number from before now."""
        self.forget()
        self._edited_at = timezone.now()

    def share_edit(self) -> None:
        """Let other processes know that a number which was read before now is not the present one."""
        outages.share(outages.VersionReading(None, timezone.now()))

    def believed(self, now: dt.datetime) -> Read | None:
        """Return what was read last, the same object each time, where it is taken for the present one at `now`."""
        read = self._read
        return read if read is not None and dt.timedelta(0) <= now - read[1] < BELIEVED else None

    def at(self, now: dt.datetime, ask: Callable[[], int] = current) -> int:
        """Return the version as of `now`, or of less than BELIEVED before where only another process raised it since.

        `ask` reads it where it has to be read. Not for use inside a transaction: its number may be one that others do not see yet.

        Raises:
            Unreachable: the database cannot be reached, and nothing can be believed (see outages.py).
        """
        edits = self._edits
        if (read := self.believed(now)) is not None:
            return read[0]
        try:
            by_itself = partial(outages.read_by_itself, NUMBER)
            number = self._breaker.ask(ask, by_itself) if outages.is_elsewhere() else ask()
        except outages.Unreachable:
            return self._without_database(now)
        with self._lock:
            if edits == self._edits:
                self._read = number, now
        self._share(number, now)
        return number

    def is_lost(self) -> bool:
        """Return whether the database was away for a while when the number was wanted last."""
        return self._breaker.is_lost()

    def _without_database(self, now: dt.datetime) -> int:
        own = outages.VersionReading(*self._read) if self._read is not None else None
        reading = outages.latest_usable(own, self._edited_at, now)
        assert reading.number is not None  # noqa: S101  for the type checker
        self._read = reading.number, reading.at
        return reading.number

    def _share(self, number: int, now: dt.datetime) -> None:
        last = self._shared
        if last is None or last[0] != number or not dt.timedelta(0) <= now - last[1] < outages.SHARED_EVERY:
            self._shared = (number, now) if outages.share(outages.VersionReading(number, now)) else None

    def since(self, now: dt.datetime) -> dt.datetime:
        """Return when the number that `at(now)` gave was read, or the earliest moment at which that can have been."""
        read = self._read
        return read[1] if read is not None and read[1] <= now else now - BELIEVED


last_read = LastRead()


def listen(app: AppConfig) -> None:
    """Follow the models of `app`, many-to-many rows included.

    Drafts are nothing that a page shows: of revisions, only what content/publishing lets go live or end bumps the version.
    """
    for model in app.get_models(include_auto_created=True):
        if model not in DESK | FOLLOWS | {ContentVersion, TableVersion}:
            follow(model)


def follow(model: type[Model]) -> None:
    """Bump the version whenever a row of `model` is written or deleted: public pages show it."""
    numbered.add(model._meta.db_table)  # noqa: SLF001
    signals = [m2m_changed] if model._meta.auto_created else [pre_save, post_save, pre_delete, post_delete]  # noqa: SLF001
    for signal in signals:
        signal.connect(_changed, sender=model, dispatch_uid=f"content_version_{model.__name__}")


def _changed(sender: type[Model], *, signal: Any, using: str, action: str = "", raw: bool = False, **_: Any) -> None:
    is_before = signal in {pre_save, pre_delete} or action.startswith("pre_")
    # In a transaction before the row itself, as `ContentVersion.lock` says; without one afterwards, or the number would be one of the old words.
    if not raw and is_before == connections[using].in_atomic_block:
        # A deletion takes rows of other tables along, and empties columns of others, without a signal of their own.
        bump(None if signal in {pre_delete, post_delete} else sender)
