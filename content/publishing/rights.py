"""Who may do what at the desk: editors write, medical reviewers approve; either may comment and give out preview links."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from content.publishing.exceptions import NotAllowed

WRITE, APPROVE = "content.change_revision", "content.approve_revision"


def works_here(user: Any) -> bool:
    """Return whether they are editor or reviewer."""
    return bool(user.has_perm(WRITE) or user.has_perm(APPROVE))


def ask(user: User, right: str, sentence: str) -> None:
    """Refuse, with this sentence, who lacks a right.

    Raises:
        NotAllowed: they lack it.
    """
    if not user.has_perm(right):
        raise NotAllowed(sentence)


def ask_either(user: User, sentence: str) -> None:
    """Refuse who is neither editor nor reviewer.

    Raises:
        NotAllowed: they are neither.
    """
    if not works_here(user):
        raise NotAllowed(sentence)
