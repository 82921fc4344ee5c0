"""Looks at what readers see: notices, reviews, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from clinic.doctor.findings import Finding, counted
from content import notices
from content.models import Revision
from content.search import indexing


def places(now: dt.datetime) -> Iterator[Finding]:
    """Say where a therapy has no wording."""
    yield from map(Finding, notices.warnings(now))


def reviews(now: dt.datetime) -> Iterator[Finding]:
    """Say which public articles should have been reviewed again by today (UTC)."""
    overdue = Revision.objects.public(now).overdue(now.date()).order_by("next_review_on")
    if days := list(overdue.values_list("next_review_on", flat=True)):
        yield Finding(f"The review of {counted(len(days), 'article')} is overdue, the longest since {days[0]}.")


def search(now: dt.datetime) -> Iterator[Finding]:
    """Say whether search would find something else than pages say."""
    if stale := indexing.outdated(now=now):
        yield Finding(
            f"Search does not know {counted(stale, 'thing')} as readers see them: run `manage.py rebuild_search`."
        )
