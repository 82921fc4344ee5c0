"""The way of a draft to its readers, as tests go it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from content.models import Revision
from content.publishing import verbs
from tests.factories import NOW, make_draft


def submitted(editor: User, draft: Revision | None = None) -> Revision:
    """Return a draft that waits for a review."""
    draft = draft or make_draft(edited_by=editor)
    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
    return draft


def approved(editor: User, reviewer: User, draft: Revision | None = None, at: dt.datetime = NOW) -> Revision:
    """Return a revision that was submitted and approved at `at`."""
    revision = submitted(editor, draft)
    verbs.approve(revision, seen=revision.version, by=reviewer, now=at)
    revision.refresh_from_db()
    return revision


def history(revision: Revision) -> list[tuple[str, str]]:
    """Return what was done, and the words."""
    return list(revision.events.values_list("what", "words"))
