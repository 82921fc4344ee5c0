"""What the database holds of proposed changes and of findings let pass, tried past the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from content.models import ProposedChange, ProposedChangeEvent
from tests.article_factories import NOW, make_draft
from tests.change_factories import make_change, make_override
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def write(**columns: Any) -> None:
    """Write columns of a change round the verbs."""
    ProposedChange.objects.filter(pk=make_change().pk).update(**columns)


def approved_by_author() -> None:
    change = make_change()
    ProposedChange.objects.update(state="approved", decided_by=change.proposed_by, decided_at=NOW)


def event(**columns: Any) -> None:
    change = make_change()
    ProposedChangeEvent.objects.create(change=change, by=change.proposed_by, at=NOW, **columns)


REFUSED: dict[str, Callable[[], object]] = {
    "content_proposedchange_kind_known": lambda: write(kind="swap"),
    "content_proposedchange_state_known": lambda: write(state="lost"),
    "content_proposedchange_approved_by_somebody": lambda: write(state="approved"),
    "content_proposedchange_approver_is_not_author": approved_by_author,
    "content_proposedchange_names_its_row": lambda: write(row_id=None),
    "content_proposedchangeevent_what_known": lambda: event(what="read"),
    "content_proposedchangeevent_sent_back_with_words": lambda: event(what="sent_back"),
    "content_claimoverride_of_one_text": lambda: make_override(revision=make_draft(), change=make_change()),
    "content_claimoverride_has_reason": lambda: make_override(reason=""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name: str) -> None:
    with refused_by(name):
        REFUSED[name]()


def test_history_is_written_once() -> None:
    override, done = make_override(), make_change().events.get()

    for row in (override, done):
        with pytest.raises(ImproperlyConfigured):
            row.save()
