"""Comments of editors and reviewers on what is being written: on a section, or on the whole. Readers never see them."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from content.choices import EventKind
from content.models import Revision, RevisionComment
from content.models.revision import OPEN
from content.publishing import steps
from content.publishing.exceptions import ChangedMeanwhile, WordsMissing, WrongState
from content.publishing.rights import ask_either

# Of a comment's words, in the history of the revision.
EXCERPT = 80
REFUSAL = "Only editors and medical reviewers comment on articles."


def comment(revision: Revision, *, words: str, by: User, now: dt.datetime, anchor: str = "") -> RevisionComment:
    """Return a new comment on the section with this anchor, or on the whole.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        WordsMissing: it says nothing.
        WrongState: the revision is approved or withdrawn, or has no such section.
    """
    ask_either(by, REFUSAL)
    if not words.strip():
        raise WordsMissing("Write what is to be said.")
    with transaction.atomic():
        if not Revision.objects.filter(pk=revision.pk, state__in=OPEN).exists():
            raise WrongState("This revision is not being worked on any more.")
        section = revision.sections.filter(anchor=anchor).first() if anchor else None
        if anchor and section is None:
            raise WrongState("This section is not there any more. Comment on the whole article instead.")
        heading = section.heading if section else ""
        return RevisionComment.objects.create(
            revision=revision, anchor=anchor, heading=heading, words=words.strip(), by=by, at=now
        )


def resolve(said: RevisionComment, *, by: User, now: dt.datetime) -> None:
    """Say that nothing is left to be done about a comment.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        ChangedMeanwhile: somebody said so already.
    """
    _settle(said, EventKind.RESOLVED, by=by, now=now)


def reopen(said: RevisionComment, *, by: User, now: dt.datetime) -> None:
    """Say that something is left to be done after all.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        ChangedMeanwhile: it is open already.
    """
    _settle(said, EventKind.REOPENED, by=by, now=now)


def _settle(said: RevisionComment, what: EventKind, *, by: User, now: dt.datetime) -> None:
    ask_either(by, REFUSAL)
    resolved = what == EventKind.RESOLVED
    settled = {"resolved_by": by, "resolved_at": now} if resolved else {"resolved_by": None, "resolved_at": None}
    with transaction.atomic():
        if not RevisionComment.objects.filter(pk=said.pk, resolved_at__isnull=resolved).update(**settled):
            raise ChangedMeanwhile("Somebody else was quicker; here is how it stands now.")
        excerpt = said.words if len(said.words) <= EXCERPT else f"{said.words[:EXCERPT]}…"
        steps.note(said.revision, what, by=by, now=now, words=f"{said}: {excerpt}")
    said.refresh_from_db()
