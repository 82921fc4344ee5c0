"""Preview links: somebody without an account reads one revision until a day; made and revoked by who works on it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from content import tokens
from content.choices import EventKind, RevisionState
from content.models import PreviewLink, Revision
from content.publishing import steps
from content.publishing.exceptions import ChangedMeanwhile, WrongState
from content.publishing.rights import ask_either

SALT = "content.preview"
# Days that a link may last, and how many an untouched form offers.
DAYS = (1, 7, 30)
USUAL_DAYS = 7
REFUSAL = "Only editors and medical reviewers give out preview links."


def share(revision: Revision, *, days: int, by: User, now: dt.datetime) -> PreviewLink:
    """Return a new link to a revision, open for so many days.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        WrongState: it was withdrawn, or the days are none of `DAYS`.
    """
    ask_either(by, REFUSAL)
    if days not in DAYS:
        raise WrongState("A preview link lasts 1, 7 or 30 days.")
    with transaction.atomic():
        if not Revision.objects.filter(pk=revision.pk).exclude(_over(now)).exists():
            raise WrongState("This revision was withdrawn; nobody is to read it any more.")
        link = PreviewLink.objects.create(
            revision=revision,
            link_id=tokens.new_id(),
            made_by=by,
            made_at=now,
            expires_at=now + dt.timedelta(days=days),
        )
        steps.note(revision, EventKind.SHARED, by=by, now=now, words=f"Open {link}.")
    return link


def revoke(link: PreviewLink, *, by: User, now: dt.datetime) -> None:
    """Close a link.

    Raises:
        NotAllowed: they are neither editor nor reviewer.
        ChangedMeanwhile: it is closed already.
    """
    ask_either(by, REFUSAL)
    with transaction.atomic():
        if not PreviewLink.objects.live(now).filter(pk=link.pk).update(revoked_at=now):
            raise ChangedMeanwhile("This link is closed already.")
        steps.note(link.revision, EventKind.UNSHARED, by=by, now=now, words=f"Was open {link}.")


def token_of(link: PreviewLink) -> str:
    """Return the token that opens a link."""
    return tokens.token_for(link.link_id, salt=SALT)


def opened_by(token: str, now: dt.datetime) -> PreviewLink | None:
    """Return the link that a token opens at `now`; None for one that is forged, too old or revoked, or of words that are withdrawn by then."""
    link_id = tokens.link_id_from(token, salt=SALT)
    live = PreviewLink.objects.live(now).exclude(_over(now, "revision__"))
    return live.filter(link_id=link_id).first() if link_id else None


def _over(now: dt.datetime, prefix: str = "") -> Q:
    """Return the condition that a revision was given up or withdrawn, also at a moment that was planned, or followed by another."""
    return Q(**{f"{prefix}state": RevisionState.WITHDRAWN}) | Q(**{f"{prefix}withdrawn_at__lte": now})
