"""Raises the content version in the transaction of every change of content.

A page rendered under version n is never served once version n+1 is committed, in whichever process the change was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models import F, Model
from django.db.models.signals import m2m_changed, post_delete, post_save

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
from content.models.version import ContentVersion

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
# Inside `gathered`: one item for each bump that waits.
_waiting: ContextVar[list[None] | None] = ContextVar("content_version_waiting", default=None)


def bump() -> None:
    """Raise the version; call it inside the transaction that changes content past the models' own `save` and `delete`."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(None)
        return
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.get_or_create(pk=1)


@contextmanager
def gathered() -> Iterator[None]:
    """Turn the bumps of a block into one at its end, or none; for a command that writes many rows in a transaction."""
    waiting: list[None] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        bump()


def current() -> int:
    """Return the version in one small query; NONE while there is none."""
    # Plain SQL: this is the only query of a cached page, and the ORM would double its cost.
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM content_contentversion WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else NONE


def listen(app: AppConfig) -> None:
    """Bump the version whenever a row of `app` is written or deleted, many-to-many rows included.

    Drafts are nothing that a page shows: of revisions, only what content/publishing lets go live or end bumps it.
    """

    def changed(sender: type[Model], **kwargs: Any) -> None:
        if kwargs.get("raw") or kwargs.get("action", "post_").startswith("pre_"):
            return
        bump()

    for model in app.get_models(include_auto_created=True):
        if model is ContentVersion or model in DESK | FOLLOWS:
            continue
        signals = [m2m_changed] if model._meta.auto_created else [post_save, post_delete]  # noqa: SLF001
        for signal in signals:
            signal.connect(changed, sender=model, weak=False, dispatch_uid=f"content_version_{model.__name__}")
