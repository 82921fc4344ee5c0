"""What people do with revisions: start, save, submit, send back, approve, withdraw, restore.

People change revisions through these verbs; the loader of the library uses steps.py. Each verb says who (`by`) and when
(`now`), asks whether they may, and writes its row of history in the same transaction; those that change a revision are
compare-and-set (`seen` is the version that the caller saw). What is refused is refused with
a sentence, see exceptions.py, and nothing is written.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from content.choices import DeskMailKind, EventKind, RevisionState
from content.models import Article, Contributor, Revision, RevisionEvent
from content.models.revision import EDITABLE
from content.publishing import checks, steps
from content.publishing.exceptions import Blocked, NotAllowed, WordsMissing, WrongState
from content.publishing.rights import APPROVE, WRITE, ask, ask_either
from content.publishing.telling import tell

REVIEW_EVERY = dt.timedelta(days=365)
WROTE = [EventKind.STARTED, EventKind.SAVED]


def start(article: Article, *, by: User, now: dt.datetime, words: dict[str, Any] | None = None) -> Revision:
    """Return a new draft: a copy of what readers see, or of what they will see next; for an article without, of `words`.

    Raises:
        NotAllowed: they are no editor.
        WrongState: there is a draft already, or there is nothing to copy.
    """
    ask(by, WRITE, "Only editors write articles.")
    source = article.revisions.public(now).first() or article.revisions.scheduled(now).order_by("go_live_at").first()
    if source is not None:
        return steps.copy(source, by=by, now=now)
    if words is None:
        raise WrongState("Readers see nothing of this article now. Restore one of its revisions to go on with it.")
    return steps.begin(article, by=by, now=now, words=words)


def save(revision: Revision, *, seen: int, by: User, now: dt.datetime, words: dict[str, Any]) -> None:
    """Write other words into a draft. Its sections, citations and related guides are written after it, in the same transaction.

    Raises:
        NotAllowed: they are no editor.
        ChangedMeanwhile: somebody else changed it, or it is no draft.
    """
    ask(by, WRITE, "Only editors write articles.")
    with transaction.atomic():
        # The columns' own rules, such as sanitised text, hold in `Model.save` only, so the words take that way.
        steps.change(revision, seen=seen, states=EDITABLE, edited_by=by, edited_at=now)
        for name, value in words.items():
            setattr(revision, name, value)
        revision.save(update_fields=list(words))
        steps.note(revision, EventKind.SAVED, by=by, now=now)


def submit(revision: Revision, *, seen: int, by: User, now: dt.datetime) -> None:
    """Ask for a review of a draft; from now on it does not change until it is sent back.

    Raises:
        NotAllowed: they are no editor.
        Blocked: a check found what must not reach a reader.
        ChangedMeanwhile: somebody else changed it, or it is no draft.
    """
    ask(by, WRITE, "Only editors submit articles.")
    _check(revision, seen)
    with transaction.atomic():
        steps.change(revision, seen=seen, states=EDITABLE, state=RevisionState.SUBMITTED)
        tell(DeskMailKind.SUBMITTED, steps.note(revision, EventKind.SUBMITTED, by=by, now=now))


def send_back(revision: Revision, *, seen: int, by: User, now: dt.datetime, words: str) -> None:
    """Give a submitted revision back to its editors, with words that say why.

    Raises:
        NotAllowed: they are no reviewer.
        WordsMissing: nothing says why.
        ChangedMeanwhile: it does not wait for a review any more.
    """
    ask(by, APPROVE, "Only medical reviewers send articles back.")
    if not words.strip():
        raise WordsMissing("Say what is to be changed, so that the editor can change it.")
    with transaction.atomic():
        steps.change(revision, seen=seen, states=[RevisionState.SUBMITTED], state=RevisionState.SENT_BACK)
        event = steps.note(revision, EventKind.SENT_BACK, by=by, now=now, words=words.strip())
        tell(DeskMailKind.SENT_BACK, event)


def approve(
    revision: Revision,
    *,
    seen: int,
    by: User,
    now: dt.datetime,
    go_live_at: dt.datetime | None = None,
    correction: bool = False,
    next_review_on: dt.date | None = None,
) -> None:
    """Approve exactly the words of version `seen`: readers see them from `go_live_at` on, or from now.

    Args:
        revision: submitted.
        seen: the version that was read.
        by: the reviewer; the byline names them.
        now: the moment.
        go_live_at: later than now; None: now.
        correction: only spelling and the like was changed; "last reviewed" and who reviewed then stay as they were.
        next_review_on: by default a year after the review.

    Raises:
        NotAllowed: they are no reviewer, have no byline, or wrote some of the words themselves.
        WrongState: the moment is past, or there is nothing that this could be a correction of.
        Blocked: a check found what must not reach a reader.
        ChangedMeanwhile: it has another version, or does not wait for a review any more.
    """
    reviewer = reviewer_of(revision, by)
    if go_live_at is not None and go_live_at < now:
        raise WrongState("That moment is past. Choose a later one, or leave it empty to publish now.")
    reviewer_id, reviewed_on, due = _review(revision, reviewer, now.date(), correction=correction)
    due = next_review_on or due
    if due <= reviewed_on:
        raise WrongState("The next review must be later than the last one.")
    approval = steps.Approval(by, reviewer_id, reviewed_on, due, go_live_at or now)
    what = EventKind.CORRECTED if correction else EventKind.APPROVED
    _check(revision, seen)
    with transaction.atomic():
        event = steps.go_live(revision, approval, seen=seen, states=[RevisionState.SUBMITTED], now=now, what=what)
        tell(DeskMailKind.APPROVED, event)


def withdraw(
    revision: Revision, *, seen: int, by: User, now: dt.datetime, at: dt.datetime | None = None, words: str = ""
) -> None:
    """Take a revision away: a draft for good, an approved one from readers, now or at a later moment.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        WrongState: the moment is past, or readers do not see it any more.
        ChangedMeanwhile: somebody else changed it.
    """
    ask_either(by, "Only editors and medical reviewers withdraw articles.")
    if at is not None and at < now:
        raise WrongState("That moment is past. Choose a later one, or leave it empty to withdraw it now.")
    if revision.is_open:
        steps.drop(revision, seen=seen, by=by, now=now, words=words.strip())
    else:
        steps.end(revision, seen=seen, at=at or now, by=by, now=now, words=words.strip())


def restore(revision: Revision, *, by: User, now: dt.datetime) -> Revision:
    """Return a new draft that says what an old revision says.

    Raises:
        NotAllowed: they are no editor.
        WrongState: there is a draft already, or this is it.
    """
    ask(by, WRITE, "Only editors restore articles.")
    return steps.copy(revision, by=by, now=now)


def wrote(revision: Revision, user: User) -> bool:
    """Return whether some of the words that nobody approved yet are theirs: of this revision, or of a draft it was copied from."""
    unapproved, source = [revision.pk], revision.based_on
    while source is not None and source.approved_at is None:
        unapproved.append(source.pk)
        source = source.based_on
    return RevisionEvent.objects.filter(revision__in=unapproved, by=user, what__in=WROTE).exists()


def _check(revision: Revision, seen: int) -> None:
    """Ask the checks, before the transaction: they take time, in which nobody else could write on SQLite.

    Versions only rise: what is at `seen` now and when the step that follows compares was so all the while. What is not at
    `seen` is for that step to refuse.
    """
    if not Revision.objects.filter(pk=revision.pk, version=seen).exists():
        return
    if blocks := checks.blocks_of(revision):
        raise Blocked(blocks)


def reviewer_of(revision: Revision, user: User) -> Contributor:
    """Return who approves, as readers see them.

    Raises:
        NotAllowed: this person cannot approve this revision.
    """
    ask(user, APPROVE, "Only medical reviewers approve articles.")
    reviewer = Contributor.objects.filter(account=user).first()
    if reviewer is None:
        raise NotAllowed("Your account has no byline yet. Ask for a contributor that has your account, then approve.")
    if reviewer.pk == revision.author_id or wrote(revision, user):
        raise NotAllowed("Nobody approves their own words. Please ask another medical reviewer.")
    return reviewer


def _review(
    revision: Revision, reviewer: Contributor, today: dt.date, *, correction: bool
) -> tuple[int, dt.date, dt.date]:
    """Return who reviewed the words, when, and when they are due again; a correction keeps that of what it corrects.

    Readers see the reviewer beside the date of the review: whoever approves a correction did not review the words that day.
    """
    if not correction:
        return reviewer.pk, today, today + REVIEW_EVERY
    source = revision.based_on
    if source is None or source.medical_reviewer_id is None or not (source.reviewed_on and source.next_review_on):
        raise WrongState("This is no correction: what it was copied from was never approved.")
    if source.medical_reviewer_id == revision.author_id:
        raise WrongState("Its author is who reviewed it last. Approve it as a new review, not as a correction.")
    return source.medical_reviewer_id, source.reviewed_on, source.next_review_on
