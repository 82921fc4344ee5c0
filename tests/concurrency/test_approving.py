"""Reviewers and editors decide on the same words at the same moment: one wins, the others are told in words; real threads.

The last tests take comparing, and the database's guards, away and approve twice with the same harness: so the others prove something.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client

from content.choices import ChangeEventKind, ChangeState, EventKind, RevisionState
from content.models import ProposedChange, Question, Revision, Therapy
from content.publishing import changes, verbs
from content.publishing.exceptions import ChangedMeanwhile, PublishingError, WrongState
from tests.change_factories import make_change
from tests.concurrency.guards import desk_guards_taken_away
from tests.concurrency.racing import Outcome, race
from tests.factories import NOW, make_article, make_draft, make_reviewer, make_staff, make_therapy

TIMES = 6
ROUNDS = range(3)
SECOND = dt.timedelta(seconds=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor() -> User:
    """Who writes."""
    return make_staff("Editors")


@pytest.fixture
def reviewers() -> list[User]:
    """Who approve."""
    return [make_reviewer()[0] for _ in range(TIMES)]


def submitted(revision: Revision, by: User) -> Revision:
    verbs.submit(revision, seen=revision.version, by=by, now=NOW)
    return revision


def refusals(outcome: Outcome[Any]) -> set[type[BaseException]]:
    """Return the kinds of what was refused; each says why."""
    assert all(str(error) for error in outcome.raised)
    return {type(error) for error in outcome.raised}


@pytest.mark.parametrize("has_readers", [False, True])
def test_one_of_many_approvals_of_one_revision_counts(
    editor: User,
    reviewers: list[User],
    has_readers: bool,  # noqa: FBT001
) -> None:
    draft = verbs.start(make_article().article, by=editor, now=NOW) if has_readers else make_draft()
    submitted(draft, editor)

    def approve(number: int) -> User:
        # Clocks of two machines are never the same.
        now = NOW + number * dt.timedelta(milliseconds=1)
        verbs.approve(Revision.objects.get(pk=draft.pk), seen=2, by=reviewers[number], now=now)
        return reviewers[number]

    outcome = race(TIMES, approve)

    draft.refresh_from_db()
    assert [draft.approved_by] == outcome.returned
    assert refusals(outcome) == {ChangedMeanwhile}
    assert draft.events.filter(what=EventKind.APPROVED).count() == 1
    assert list(Revision.objects.public(NOW + SECOND).filter(article=draft.article_id)) == [draft]


def test_one_of_many_approvals_of_one_change_counts(reviewers: list[User]) -> None:
    change = make_change()

    def approve(number: int) -> User:
        changes.approve(ProposedChange.objects.get(pk=change.pk), seen=1, by=reviewers[number], now=NOW)
        return reviewers[number]

    outcome = race(TIMES, approve)

    change.refresh_from_db()
    assert [change.decided_by] == outcome.returned
    assert refusals(outcome) == {ChangedMeanwhile}
    assert change.events.filter(what=ChangeEventKind.APPROVED).count() == 1
    assert Therapy.objects.get().summary == change.after["summary"]


@pytest.mark.parametrize("turn", ROUNDS)
def test_change_approved_and_withdrawn_at_once_is_one_of_these(reviewers: list[User], turn: int) -> None:
    change = make_change()

    def press(number: int) -> str:
        mine = ProposedChange.objects.get(pk=change.pk)
        if number % 2 == turn % 2:
            changes.approve(mine, seen=1, by=reviewers[number], now=NOW)
        else:
            changes.withdraw(mine, seen=1, by=change.proposed_by, now=NOW)
        return mine.state

    outcome = race(TIMES, press)

    change.refresh_from_db()
    assert outcome.returned == [change.state]
    assert refusals(outcome) == {ChangedMeanwhile}
    shown = Therapy.objects.get().summary == change.after["summary"]
    assert shown == (change.state == ChangeState.APPROVED)


def test_of_new_rows_with_one_address_one_is_approved_and_the_others_are_told_why(reviewers: list[User]) -> None:
    editors = [make_staff("Editors") for _ in range(TIMES)]
    new = [
        changes.propose(Question(slug="same", question="Why?", answer="<p>So.</p>", group="Law"), [], by=one, now=NOW)
        for one in editors
    ]

    def approve(number: int) -> int:
        change = new[number]
        assert change is not None
        changes.approve(change, seen=1, by=reviewers[number], now=NOW)
        return number

    outcome = race(TIMES, approve)

    assert [len(outcome.returned), refusals(outcome), Question.objects.count()] == [1, {WrongState}, 1]
    assert ProposedChange.objects.filter(state=ChangeState.PROPOSED).count() == TIMES - 1


def test_changes_of_several_therapies_are_all_approved_at_once(reviewers: list[User]) -> None:
    waiting = [make_change(make_therapy(slug=f"therapy-{number}")) for number in range(TIMES)]

    def approve(number: int) -> int:
        changes.approve(waiting[number], seen=1, by=reviewers[number], now=NOW)
        return number

    outcome = race(TIMES, approve)

    assert [outcome.returned, outcome.raised] == [list(range(TIMES)), []]


@pytest.mark.parametrize("turn", ROUNDS)
def test_new_words_approved_while_the_old_are_withdrawn(editor: User, reviewers: list[User], turn: int) -> None:
    old = make_article()
    new = submitted(verbs.start(old.article, by=editor, now=NOW), editor)
    # Whose clock is behind, and whose ahead, must not matter.
    moments = [NOW + (turn - 1) * dt.timedelta(milliseconds=1), NOW]

    def press(number: int) -> str:
        if number == 0:
            verbs.approve(Revision.objects.get(pk=new.pk), seen=2, by=reviewers[0], now=moments[0])
            return "approved"
        verbs.withdraw(Revision.objects.get(pk=old.pk), seen=old.version, by=editor, now=moments[1])
        return "withdrawn"

    outcome = race(2, press)

    old.refresh_from_db()
    new.refresh_from_db()
    assert all(isinstance(error, PublishingError) for error in outcome.raised)
    assert outcome.returned
    assert ("approved" in outcome.returned) == (new.state == RevisionState.APPROVED)
    assert ("withdrawn" in outcome.returned) == (old.state == RevisionState.WITHDRAWN)
    public = list(Revision.objects.public(NOW + SECOND))
    assert public == ([new] if new.state == RevisionState.APPROVED else [])


@pytest.mark.parametrize("turn", ROUNDS)
def test_buttons_pressed_at_once_answer_everybody_in_words(editor: User, reviewers: list[User], turn: int) -> None:
    old = make_article()
    new = submitted(verbs.start(old.article, by=editor, now=NOW), editor)
    change = make_change()
    pressed: list[tuple[User, str, dict[str, int]]] = [
        (reviewers[0], f"/admin/content/revision/{new.pk}/approve/", {"seen": 2}),
        (reviewers[1], f"/admin/content/revision/{new.pk}/approve/", {"seen": 2}),
        (editor, f"/admin/content/revision/{old.pk}/withdraw/", {"seen": old.version}),
        (reviewers[2], f"/admin/content/proposedchange/{change.pk}/approve/", {"seen": 1}),
        (reviewers[3], f"/admin/content/proposedchange/{change.pk}/approve/", {"seen": 1}),
        (reviewers[4], f"/admin/content/proposedchange/{change.pk}/withdraw/", {"seen": 1}),
    ]
    clients = [Client(raise_request_exception=False) for _ in pressed]
    for client, (who, _, _) in zip(clients, pressed, strict=True):
        client.force_login(who)

    outcome = race(TIMES, lambda number: clients[number].post(pressed[number][1], pressed[number][2]).status_code)

    assert [outcome.returned, outcome.raised] == [[302] * TIMES, []]
    assert new.events.filter(what=EventKind.APPROVED).count() <= 1
    assert change.events.count() == 2


def look_then_approve(draft: Revision, reviewers: list[User]) -> Callable[[int], User]:
    """Return what approves a revision without comparing: the negative control."""
    gate = threading.Barrier(2)

    def approve(number: int) -> User:
        by = reviewers[number]
        assert Revision.objects.get(pk=draft.pk).state == RevisionState.SUBMITTED
        gate.wait(timeout=20)
        Revision.objects.filter(pk=draft.pk).update(
            state=RevisionState.APPROVED,
            approved_by=by,
            approved_at=NOW,
            medical_reviewer=by.contributor,
            go_live_at=NOW,
            published_at=NOW,
            reviewed_on=NOW.date(),
            next_review_on=NOW.date() + dt.timedelta(days=9),
        )
        return by

    return approve


def test_without_comparing_two_would_approve_one_revision(editor: User, reviewers: list[User]) -> None:
    draft = submitted(make_draft(), editor)

    with desk_guards_taken_away():
        outcome = race(2, look_then_approve(draft, reviewers))

    assert outcome.returned == reviewers[:2]


def test_without_comparing_the_database_lets_one_approve(editor: User, reviewers: list[User]) -> None:
    draft = submitted(make_draft(), editor)

    outcome = race(2, look_then_approve(draft, reviewers))

    draft.refresh_from_db()
    assert [outcome.returned, {type(error) for error in outcome.raised}] == [[draft.approved_by], {IntegrityError}]
