"""What the claim check keeps from readers: a block stands in the way of submitting and approving words."""

from __future__ import annotations

from django.utils import timezone

from content.models import ProposedChange, Revision, Therapy
from content.proofreading import book, reading
from content.publishing import changes
from content.publishing.checks import Block

# By what a text calls a therapy, and what may be said of it: a change of these is read against everything that is public.
DECIDES = {"name", "short_name", "regulatory_status"}


def forbidden(revision: Revision) -> list[Block]:
    """Return a block for each claim in a revision that may not be made, with the reason and what to write instead."""
    return _blocks(reading.unpassed(revision))


def forbidden_in_change(change: ProposedChange) -> list[Block]:
    """Return the same for a proposed change; where it changes what may be said of a therapy, for everything that is public too."""
    found = reading.unpassed(change)
    row = changes.candidate(change)
    if isinstance(row, Therapy) and DECIDES & change.after.keys():
        # What is blocked with the status of today is no news, and no reason to keep that status.
        now = timezone.now()
        known = {(each.where, each.finding.sentence) for each in reading.public(now) if each.blocks}
        then = reading.public(now, book.current(instead=row))
        found += [each for each in then if each.row != row and (each.where, each.finding.sentence) not in known]
    return _blocks(found)


def _blocks(found: list[reading.Found]) -> list[Block]:
    return [Block(each.finding.in_words, each.where) for each in found if each.blocks]
