"""Editors and reviewers at the same moment: one draft, one approval, one set of words; real threads on real connections."""

from __future__ import annotations

import datetime as dt

import pytest

from content.choices import EventKind
from content.models import Revision, RevisionEvent
from content.publishing import verbs
from content.publishing.exceptions import ChangedMeanwhile, PublishingError, WrongState
from tests.concurrency.racing import race
from tests.factories import NOW, make_article, make_draft, make_reviewer, make_staff

TIMES = 6

pytestmark = pytest.mark.django_db(transaction=True)


def test_draft_started_by_many_is_one() -> None:
    article, editors = make_article().article, [make_staff("Editors") for _ in range(TIMES)]

    outcome = race(TIMES, lambda number: verbs.start(article, by=editors[number], now=NOW))

    assert [len(outcome.returned), {type(error) for error in outcome.raised}] == [1, {WrongState}]
    assert list(article.revisions.open()) == outcome.returned


def test_words_saved_by_many_are_those_of_one() -> None:
    draft, editors = make_draft(), [make_staff("Editors") for _ in range(TIMES)]

    def save(number: int) -> str:
        mine, words = Revision.objects.get(pk=draft.pk), {"title": f"Title {number}", "summary": f"Summary {number}"}
        verbs.save(mine, seen=1, by=editors[number], now=NOW, words=words)
        return mine.title

    outcome = race(TIMES, save)

    draft.refresh_from_db()
    assert [outcome.returned, {type(error) for error in outcome.raised}] == [[draft.title], {ChangedMeanwhile}]
    assert draft.summary == draft.title.replace("Title", "Summary")
    assert RevisionEvent.objects.filter(revision=draft, what=EventKind.SAVED).count() == 1


def test_revision_approved_sent_back_and_withdrawn_at_once_is_one_of_these() -> None:
    editor, (reviewer, _) = make_staff("Editors"), make_reviewer()
    old = make_article()
    draft = verbs.start(old.article, by=editor, now=NOW)
    verbs.submit(draft, seen=1, by=editor, now=NOW)
    later = NOW + dt.timedelta(hours=1)

    def press(number: int) -> int:
        mine = Revision.objects.get(pk=draft.pk)
        if number % 3 == 0:
            verbs.approve(mine, seen=2, by=reviewer, now=NOW, go_live_at=later)
        elif number % 3 == 1:
            verbs.send_back(mine, seen=2, by=reviewer, now=NOW, words="Shorter.")
        else:
            verbs.withdraw(mine, seen=2, by=editor, now=NOW)
        return number % 3

    outcome = race(TIMES, press)

    draft.refresh_from_db()
    assert len(outcome.returned) == 1
    assert all(isinstance(error, PublishingError) for error in outcome.raised)
    assert draft.state == ["approved", "sent_back", "withdrawn"][outcome.returned[0]]
    assert draft.events.count() == 3
    assert Revision.objects.public(later).count() == 1
