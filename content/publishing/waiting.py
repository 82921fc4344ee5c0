"""What waits at the review desk: for a reviewer, for an editor, and for everybody who looks after the site."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q

from content.choices import ChangeState, RevisionState
from content.models import ProposedChange, Revision
from content.models.proposed_change import ProposedChangeQuerySet
from content.models.revision import RevisionQuerySet
from content.publishing import rights
from content.publishing.telling import WORKED

# Of each list; what is left off is counted.
MOST = 50


@dataclass(frozen=True)
class Desk:
    """What waits, as querysets in the order in which it is to be done.

    Attributes:
        to_review: submitted, by others; empty for who may not approve.
        mine: drafts on which they worked: sent back ones first.
        changes_to_review: changes of other public words, by others; empty for who may not approve.
        my_changes: theirs that are open: sent back ones first.
        overdue: public, and the next review was due; longest first.
        going_live: approved for later, the next first.
        ending: public, and withdrawn at a known moment, the next first.
    """

    to_review: RevisionQuerySet
    mine: RevisionQuerySet
    changes_to_review: ProposedChangeQuerySet
    my_changes: ProposedChangeQuerySet
    overdue: RevisionQuerySet
    going_live: RevisionQuerySet
    ending: RevisionQuerySet


def desk_of(user: User, now: dt.datetime) -> Desk:
    """Return what waits for somebody at `now`."""
    revisions = Revision.objects.select_related("article", "edited_by", "author")
    worked = Q(events__by=user, events__what__in=WORKED)
    # Agrees with what `verbs.approve` refuses, but for drafts that were copied from unapproved ones: it tells of these.
    foreign = revisions.exclude(pk__in=Revision.objects.filter(worked).values("pk")).exclude(author__account=user)
    may_approve = user.has_perm(rights.APPROVE)
    open_comments = Count("comments", filter=Q(comments__resolved_at=None))
    own = revisions.filter(pk__in=Revision.objects.filter(worked).values("pk"))
    public = revisions.public(now)
    changes = ProposedChange.objects.open().select_related("proposed_by")
    my_changes = changes.written_by(user)
    waiting = changes.filter(state=ChangeState.PROPOSED).exclude(pk__in=my_changes.values("pk"))
    followed = Revision.objects.filter(article=OuterRef("article"), go_live_at=OuterRef("withdrawn_at"))
    return Desk(
        to_review=(foreign.filter(state=RevisionState.SUBMITTED) if may_approve else revisions.none()).order_by(
            "edited_at", "pk"
        ),
        mine=own.open()
        .annotate(comments_open=open_comments, is_sent_back=Q(state=RevisionState.SENT_BACK))
        .order_by("-is_sent_back", "-edited_at", "pk"),
        changes_to_review=(waiting if may_approve else changes.none()).order_by("proposed_at", "pk"),
        my_changes=my_changes.annotate(is_sent_back=Q(state=ChangeState.SENT_BACK)).order_by(
            "-is_sent_back", "-proposed_at", "pk"
        ),
        overdue=public.overdue(now.date()).order_by("next_review_on", "pk"),
        going_live=revisions.scheduled(now).order_by("go_live_at", "pk"),
        ending=public.exclude(withdrawn_at=None).exclude(Exists(followed)).order_by("withdrawn_at", "pk"),
    )


def counts_of(user: User, now: dt.datetime) -> dict[str, int]:
    """Return how much waits, in one query for each list of the page."""
    desk = desk_of(user, now)
    return {
        "to_review": desk.to_review.count() + desk.changes_to_review.count(),
        "sent_back": desk.mine.filter(state=RevisionState.SENT_BACK).count()
        + desk.my_changes.filter(state=ChangeState.SENT_BACK).count(),
        "overdue": desk.overdue.count(),
        "going_live": desk.going_live.count(),
    }
