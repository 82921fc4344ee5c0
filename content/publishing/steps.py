"""What the verbs are made of, without asking for anybody's right: writing a draft, going live, being withdrawn.

Each is one transaction with its history row. A revision's own state changes through `change` alone: it is compare-and-set, so
that of two people who saw the same version one comes too late. The end of another revision of the article moves in `go_live`
and `end`, which hold the article's row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from content import versions
from content.choices import EventKind, RevisionState
from content.models import Article, Reference, Revision, RevisionEvent
from content.models.revision import OPEN
from content.models.version import ContentVersion
from content.publishing.exceptions import ChangedMeanwhile, WrongState

WORDS = "title summary lead key_points illustration author".split()
PARTS = {
    "sections": (
        "position heading anchor body comparison card figure figure_caption image image_alt image_decorative"
    ).split(),
    "citations": "reference number".split(),
    "related_links": "related position".split(),
}
LINKS = {"comparison", "reference", "related", "image"}
WITHDRAWN_MEANWHILE = (
    "What readers saw of this article was withdrawn in the very moment. Nothing was approved; look why, then approve."
)
STALE = "This revision was changed meanwhile. Nothing was saved; here is how it stands now."


@dataclass(frozen=True)
class Approval:
    """What an approval says: who, as readers see them, when it was reviewed and is due again, from when readers see it.

    `published_at` is when readers could first see the article; None: with the first revision that went live.
    """

    by: User
    medical_reviewer_id: int
    reviewed_on: dt.date
    next_review_on: dt.date
    go_live_at: dt.datetime
    published_at: dt.datetime | None = None


def change(revision: Revision, *, seen: int, states: list[RevisionState], **changes: Any) -> None:
    """Change the row of a revision that has version `seen` and one of `states`, and raise its version.

    Raises:
        ChangedMeanwhile: it has another version, or another state.
    """
    found = Revision.objects.filter(pk=revision.pk, version=seen, state__in=states)
    if not found.update(version=F("version") + 1, **changes):
        raise ChangedMeanwhile(STALE)
    revision.refresh_from_db()


def note(revision: Revision, what: EventKind, *, by: User, now: dt.datetime, words: str = "") -> RevisionEvent:
    """Write a row of history, and return it."""
    return RevisionEvent.objects.create(revision=revision, what=what, by=by, at=now, words=words)


@transaction.atomic
def begin(article: Article, *, by: User, now: dt.datetime, words: dict[str, Any]) -> Revision:
    """Write a new draft of an article with these words, and without any part.

    Raises:
        WrongState: there is a draft already.
    """
    Article.objects.select_for_update().get(pk=article.pk)
    if article.revisions.open().exists():
        raise WrongState("There is a draft of this article already. Go on with that one, or withdraw it first.")
    last = article.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(article=article, number=last + 1, edited_by=by, edited_at=now, **words)
    note(revision, EventKind.STARTED, by=by, now=now)
    return revision


@transaction.atomic
def copy(source: Revision, *, by: User, now: dt.datetime) -> Revision:
    """Write a new draft with everything that `source` says.

    Raises:
        WrongState: there is a draft already.
    """
    words = {name: getattr(source, name) for name in WORDS}
    draft = begin(source.article, by=by, now=now, words=words | {"based_on": source})
    for part in PARTS:
        for values in getattr(source, part).order_by("pk").values(*columns_of(part)):
            getattr(draft, part).create(**values)
    return draft


def cite(revision: Revision, source: Reference) -> int:
    """Return the number of a source in a draft's list of references; it is put at the end where it is not listed yet."""
    listed = revision.citations.filter(reference=source).first()
    if listed is None:
        last = revision.citations.aggregate(last=Max("number"))["last"] or 0
        listed = revision.citations.create(reference=source, number=last + 1)
    return listed.number


def columns_of(part: str) -> list[str]:
    """Return the columns that hold what a part of a revision says."""
    return [f"{name}_id" if name in LINKS else name for name in PARTS[part]]


@transaction.atomic
def go_live(
    revision: Revision,
    approval: Approval,
    *,
    seen: int,
    states: list[RevisionState],
    now: dt.datetime,
    what: EventKind = EventKind.APPROVED,
    words: str = "",
) -> RevisionEvent:
    """Approve a revision: readers see it from `approval.go_live_at` on, and up to then what they would see without it.

    Where another revision would be public at that moment, it ends there, and the new one ends where that would have: at the
    moment of the next one or of a planned withdrawal. Of an article, never more than one is public.

    Returns:
        The row of history.

    Raises:
        ChangedMeanwhile: it has another version than `seen`, or none of `states`, or what readers saw was withdrawn in the
            same moment.
    """
    ContentVersion.lock()
    Article.objects.select_for_update().get(pk=revision.article_id)
    others = approved_of(revision)
    starts = approval.go_live_at
    if others.filter(withdrawn_at=starts, go_live_at__lt=starts).exists():
        # Whose end was planned for this moment ends by itself. If this one never goes live, what ends at the same moment as it
        # would have begun is made to stay, and that must not be the other one.
        starts += dt.timedelta(microseconds=1)
    before = others.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=starts), go_live_at__lte=starts).first()
    after = others.filter(go_live_at__gt=starts).order_by("go_live_at").first()
    ends = before.withdrawn_at if before else after.go_live_at if after else None
    if before and before.state == RevisionState.WITHDRAWN:
        # Whoever withdrew it had the row of the article first, and a clock that was ahead of ours.
        raise ChangedMeanwhile(WITHDRAWN_MEANWHILE)
    if before:
        Revision.objects.filter(pk=before.pk).update(withdrawn_at=starts, version=F("version") + 1)
    first = others.filter(go_live_at__lte=starts).order_by("go_live_at").first()
    change(
        revision,
        seen=seen,
        states=states,
        state=RevisionState.APPROVED,
        approved_by=approval.by,
        approved_at=now,
        medical_reviewer_id=approval.medical_reviewer_id,
        reviewed_on=approval.reviewed_on,
        next_review_on=approval.next_review_on,
        go_live_at=starts,
        withdrawn_at=ends,
        published_at=approval.published_at or (first.published_at if first else starts),
    )
    later = others.filter(go_live_at__gt=starts, published_at__gt=revision.published_at)
    later.filter(state=RevisionState.APPROVED).update(published_at=revision.published_at)
    versions.bump(Revision)
    return note(revision, what, by=approval.by, now=now, words=words)


@transaction.atomic
def end(revision: Revision, *, seen: int, at: dt.datetime, by: User, now: dt.datetime, words: str = "") -> None:
    """Withdraw an approved revision from `at` on, which may be later.

    One that has not gone live yet never will; what it would have ended stays public instead. One that is public leaves a
    gap until the next scheduled one.

    Raises:
        ChangedMeanwhile: it has another version than `seen`, or is not approved.
        WrongState: readers do not see it any more.
    """
    ContentVersion.lock()
    Article.objects.select_for_update().get(pk=revision.article_id)
    revision.refresh_from_db()
    starts, ends = revision.go_live_at, revision.withdrawn_at
    if starts is None or (ends is not None and ends <= at):
        raise WrongState("Readers do not see this revision then; there is nothing to withdraw.")
    changes: dict[str, Any] = {"withdrawn_at": max(at, starts)}
    if at <= max(now, starts):
        changes["state"] = RevisionState.WITHDRAWN
    change(revision, seen=seen, states=[RevisionState.APPROVED], **changes)
    if at <= starts:
        approved_of(revision).filter(withdrawn_at=starts).update(withdrawn_at=ends, version=F("version") + 1)
        if revision.published_at == starts:
            _publish_later(revision, starts)
    note(revision, EventKind.WITHDRAWN, by=by, now=now, words=f"{_when(at, now)} {words}".strip())
    versions.bump(Revision)


@transaction.atomic
def drop(revision: Revision, *, seen: int, by: User, now: dt.datetime, words: str = "") -> None:
    """Give up what nobody approved yet.

    Raises:
        ChangedMeanwhile: it has another version than `seen`, or is not open.
    """
    change(revision, seen=seen, states=OPEN, state=RevisionState.WITHDRAWN, withdrawn_at=now)
    note(revision, EventKind.WITHDRAWN, by=by, now=now, words=words)


def approved_of(revision: Revision) -> Any:
    """Return the other revisions of its article that readers could see at some time."""
    lasts = Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("go_live_at"))
    return Revision.objects.filter(lasts, article=revision.article_id, go_live_at__isnull=False).exclude(pk=revision.pk)


def _publish_later(revision: Revision, starts: dt.datetime) -> None:
    """Let readers first see the article with the next revision, as the one that was to be its first never went live."""
    later = approved_of(revision).filter(state=RevisionState.APPROVED, published_at=starts).order_by("go_live_at")
    following = list(later)
    for each in following:
        later.filter(pk=each.pk).update(published_at=following[0].go_live_at)


def _when(at: dt.datetime, now: dt.datetime) -> str:
    return f"From {timezone.localtime(at, dt.UTC):%Y-%m-%d %H:%M} UTC." if at > now else ""
