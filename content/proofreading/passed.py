"""Findings that a reviewer let pass: each is one rule in one exact sentence of one text, with a reason, kept for good."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from content.models import ClaimOverride, ProposedChange, Revision
from content.proofreading import reading
from content.publishing import verbs
from content.publishing.exceptions import NotAllowed, WordsMissing, WrongState
from content.publishing.rights import APPROVE


def let_pass(
    text: Revision | ProposedChange, *, rule: str, sentence: str, reason: str, by: User, now: dt.datetime
) -> ClaimOverride:
    """Let one finding pass in one revision or proposed change that nobody decided on yet. An edit of the sentence voids it.

    Args:
        text: where it was found.
        rule: its slug.
        sentence: as it was found.
        reason: for whoever asks later.
        by: a reviewer who wrote nothing of it.
        now: the moment.

    Raises:
        NotAllowed: they are no reviewer, or the words are their own.
        WordsMissing: nothing says why.
        WrongState: it was decided on, or there is no such finding in it now.
    """
    if not by.has_perm(APPROVE):
        raise NotAllowed("Only medical reviewers let a finding pass.")
    own = verbs.wrote(text, by) if isinstance(text, Revision) else text.was_written_by(by)
    if own or (isinstance(text, Revision) and text.author.account_id == by.pk):
        raise NotAllowed("Nobody lets their own words pass. Please ask another medical reviewer.")
    if not reason.strip():
        raise WordsMissing("Say why this sentence is true and fair.")
    if not text.is_open:
        raise WrongState("This was decided on already.")
    found = (each for each in reading.unpassed(text) if each.blocks)
    if not any((each.finding.rule.slug, each.finding.sentence) == (rule, sentence) for each in found):
        raise WrongState("There is no such finding in these words any more.")
    where = {"revision": text} if isinstance(text, Revision) else {"change": text}
    return ClaimOverride.objects.create(**where, rule=rule, sentence=sentence, reason=reason.strip(), by=by, at=now)
