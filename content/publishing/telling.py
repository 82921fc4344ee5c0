"""Who is told by mail what happened at the desk: queued in the transaction of what happened, sent by the worker.

Nobody is told what they did themselves. Who reviews is who has the right by a group, so that a group decides who gets mail;
an account without an address gets none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User

from content.choices import DeskMailKind, EventKind
from content.models import DeskMail, Revision, RevisionEvent
from content.publishing.rights import APPROVE, works_here

WORKED = [EventKind.STARTED, EventKind.SAVED, EventKind.SUBMITTED]
# Rights are given by groups; only this backend of those in use knows them.
RIGHTS = "django.contrib.auth.backends.ModelBackend"


def tell(kind: DeskMailKind, event: RevisionEvent) -> None:
    """Queue a mail about an event to everybody whom it concerns."""
    revision = event.revision
    accounts = _reviewers(revision) if kind == DeskMailKind.SUBMITTED else _writers(revision)
    DeskMail.objects.bulk_create(
        [
            DeskMail(
                kind=kind,
                account=account,
                article_id=revision.article_id,
                event=event,
                created_at=event.at,
                due_at=event.at,
            )
            for account in accounts
            if account.email and account.pk != event.by_id
        ],
        ignore_conflicts=True,
    )


def tell_overdue(*, now: dt.datetime) -> int:
    """Queue one mail for each public article whose review is overdue, once for each day on which one was due.

    It goes to the author's account where that may write, else to whoever approved the article.

    Returns:
        How many are new.
    """
    overdue = Revision.objects.public(now).overdue(now.date()).select_related("author__account", "approved_by")
    told = set(DeskMail.objects.filter(due_on__isnull=False).values_list("article", "due_on"))
    mails = []
    for revision in overdue:
        owner = owner_of(revision)
        if owner is not None and (revision.article_id, revision.next_review_on) not in told:
            mails.append(
                DeskMail(
                    kind=DeskMailKind.OVERDUE,
                    account=owner,
                    article_id=revision.article_id,
                    due_on=revision.next_review_on,
                    created_at=now,
                    due_at=now,
                )
            )
    # Of two workers that look at once, the database keeps one mail.
    DeskMail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)


def owner_of(revision: Revision) -> User | None:
    """Return who is asked to have an approved revision reviewed again; None where nobody can be."""
    for account in (revision.author.account, revision.approved_by):
        if account is not None and account.is_active and account.email and account.is_staff and works_here(account):
            return account
    return None


def _reviewers(revision: Revision) -> list[User]:
    """Return who may approve it: not those who wrote it."""
    staff = User.objects.with_perm(APPROVE, is_active=True, include_superusers=False, backend=RIGHTS)
    wrote = RevisionEvent.objects.filter(revision=revision, what__in=WORKED).values("by")
    return list(staff.filter(is_staff=True).exclude(pk__in=wrote))


def _writers(revision: Revision) -> Iterable[User]:
    """Return who wrote or submitted it."""
    worked = RevisionEvent.objects.filter(revision=revision, what__in=WORKED).values("by")
    accounts = User.objects.filter(pk__in=worked, is_active=True, is_staff=True)
    return [account for account in accounts if works_here(account)]
