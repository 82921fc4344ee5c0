"""When a finding was reviewed: only who approves it, or the library, says so; a value that was changed otherwise loses its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import pre_save

from content.choices import ChangeState
from content.models import Finding, ProposedChange
from content.publishing import rows
from content.publishing.exceptions import NotAllowed
from content.publishing.rights import APPROVE

SAID = "therapy_id criterion_id value note tone grade reference_id".split()
STATED = ("value", "note", "tone", "grade", "reference")
_vouched: ContextVar[bool] = ContextVar("content_findings_vouched", default=False)


@contextmanager
def vouched() -> Iterator[None]:
    """Let findings that are saved within keep the date that they carry: somebody read them."""
    token = _vouched.set(True)
    try:
        yield
    finally:
        _vouched.reset(token)


def listen() -> None:
    """Take the date from every finding that says something else than when it was reviewed."""
    pre_save.connect(_forget_review, sender=Finding, dispatch_uid="content.publishing.freshness")


def confirm(finding: Finding, *, by: User, now: dt.datetime) -> None:
    """Say that a finding was read against its source and still holds.

    Raises:
        NotAllowed: they are no reviewer, or the words are their own.
    """
    if not by.has_perm(APPROVE):
        raise NotAllowed("Only medical reviewers say that a finding still holds.")
    theirs = ProposedChange.objects.of(finding).filter(state=ChangeState.APPROVED).written_by(by)
    # What a later change replaced are others' words; what it left is still theirs.
    if any(
        each.after.get(name) == rows.told(finding, name) for each in theirs for name in STATED if each.after.get(name)
    ):
        raise NotAllowed(f"You wrote “{finding.value}” yourself. Nobody reviews their own words.")
    finding.reviewed_on = now.date()
    finding.save(update_fields=["reviewed_on"])


def _forget_review(instance: Finding, update_fields: Any = None, **kwargs: Any) -> None:
    if _vouched.get() or kwargs.get("raw"):
        return
    kept = Finding.objects.filter(pk=instance.pk).values(*SAID, "reviewed_on").first()
    written = [name for name in SAID if update_fields is None or {name, name.removesuffix("_id")} & set(update_fields)]
    if kept is None or all(kept[name] == getattr(instance, name) for name in written):
        return
    dated = update_fields is None or "reviewed_on" in update_fields
    if not dated:
        # What `save` writes is settled by now, and the date is no part of it.
        Finding.objects.filter(pk=instance.pk).update(reviewed_on=None)
    if not dated or instance.reviewed_on == kept["reviewed_on"]:
        instance.reviewed_on = None
