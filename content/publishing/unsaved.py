"""Words that an editor typed into a draft and did not save: kept beside it, for them alone, until they are saved or thrown away.

Neither the draft nor its history changes. Of two windows of one person, the one that was kept later is refused where it did
not see what the other one kept (`number`, compare-and-set), so that no words are lost unseen.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from content.models import Revision, UnsavedWords
from content.publishing.exceptions import ChangedMeanwhile
from content.publishing.rights import WRITE, ask

# Whoever has not come back for them by then does not miss them.
KEPT = dt.timedelta(days=90)
OTHERS = "Not kept: other words that you typed and did not save are kept already. Save these; the others stay on offer."


def keep(revision: Revision, *, number: int, form: str, by: User, now: dt.datetime) -> int:
    """Keep what a form holds, in place of what was kept under `number`, and return the number that it has now.

    Args:
        revision: what it is typed into, draft or not any more.
        number: 0 where the window has neither kept nor taken any words yet.
        form: its fields, encoded as in an address.
        by: who types.
        now: the moment.

    Raises:
        NotAllowed: they are no editor.
        ChangedMeanwhile: other words of theirs are kept, or these were saved or thrown away in another window.
    """
    ask(by, WRITE, "Only editors write articles.")
    values = {"form": form, "kept_at": now}
    if number:
        if not _of(revision, by).filter(number=number).update(number=F("number") + 1, **values):
            raise ChangedMeanwhile(OTHERS)
        return number + 1
    try:
        with transaction.atomic():
            return UnsavedWords.objects.create(revision=revision, by=by, **values).number
    except IntegrityError:
        raise ChangedMeanwhile(OTHERS) from None


def kept(revision: Revision, by: User) -> UnsavedWords | None:
    """Return the words of one person that are kept beside a revision."""
    return _of(revision, by).first()


def discard(revision: Revision, *, number: int, by: User) -> bool:
    """Throw away what is kept under `number`, as it was saved or is not wanted; return whether there was any."""
    return bool(_of(revision, by).filter(number=number).delete()[0])


def drop_old(*, now: dt.datetime) -> int:
    """Throw away what nobody came back for within 90 days; return how many rows that were."""
    return UnsavedWords.objects.filter(kept_at__lt=now - KEPT).delete()[0]


def _of(revision: Revision, by: User) -> QuerySet[UnsavedWords]:
    return UnsavedWords.objects.filter(revision=revision, by=by)
