"""A reviewer lets one finding of one text pass; an edit of the sentence voids it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from content.models import ClaimOverride, ProposedChange, Revision, Therapy
from content.proofreading import passed
from content.publishing import changes, verbs
from content.publishing.exceptions import Blocked, NotAllowed, WordsMissing, WrongState
from tests.change_factories import make_change
from tests.factories import NOW, make_claim_rule, make_contributor, make_draft, make_reviewer, make_staff, make_therapy

pytestmark = pytest.mark.django_db
CLAIM = "It cures joints"


@pytest.fixture
def editor() -> User:
    """Who writes, at a clinic with one rule."""
    make_claim_rule(slug="cures", patterns="cure+", severity="block")
    return make_staff("Editors")


@pytest.fixture
def reviewer() -> User:
    """Who approves."""
    return make_reviewer()[0]


def let_pass(text: Revision | ProposedChange, by: User, sentence: str = CLAIM, reason: str = "A quotation.") -> None:
    """Let the finding pass."""
    passed.let_pass(text, rule="cures", sentence=sentence, reason=reason, by=by, now=NOW)


def test_a_blocked_change_is_approved_once_its_finding_was_let_pass(editor: User, reviewer: User) -> None:
    change = make_change(by=editor, summary=f"{CLAIM}.")
    with pytest.raises(Blocked):
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    let_pass(change, reviewer)
    changes.approve(change, seen=1, by=reviewer, now=NOW)

    assert Therapy.objects.get().summary == f"{CLAIM}."
    assert ClaimOverride.objects.values_list("rule", "sentence", "reason", "by").get() == (
        "cures",
        CLAIM,
        "A quotation.",
        reviewer.pk,
    )
    call_command("check_claims", verbosity=0)


def test_a_blocked_draft_is_submitted_once_its_finding_was_let_pass(editor: User, reviewer: User) -> None:
    draft = make_draft(edited_by=editor, title=CLAIM)
    with pytest.raises(Blocked):
        verbs.submit(draft, seen=draft.version, by=editor, now=NOW)

    let_pass(draft, reviewer)
    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
    verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW)

    assert Revision.objects.public(NOW).get().title == CLAIM


def test_an_edit_of_the_sentence_voids_it(editor: User, reviewer: User) -> None:
    therapy = make_therapy()
    change = make_change(therapy, by=editor, summary=f"{CLAIM}.")
    let_pass(change, reviewer)
    make_change(therapy, by=editor, summary=f"{CLAIM} and hips.")
    change.refresh_from_db()

    with pytest.raises(Blocked):
        changes.approve(change, seen=change.version, by=reviewer, now=NOW)


def test_it_holds_for_one_text_alone(editor: User, reviewer: User) -> None:
    let_pass(make_change(by=editor, summary=f"{CLAIM}."), reviewer)
    other = make_change(by=editor, summary=f"{CLAIM}.")

    with pytest.raises(Blocked):
        changes.approve(other, seen=1, by=reviewer, now=NOW)


def test_nobody_lets_their_own_words_pass(editor: User) -> None:
    boss = make_staff(is_superuser=True)
    for text in (
        make_change(by=boss, summary=f"{CLAIM}."),
        make_draft(edited_by=boss, title=CLAIM),
        make_draft(edited_by=editor, title=CLAIM, author=make_contributor(account=boss)),
    ):
        with pytest.raises(NotAllowed, match="own words"):
            let_pass(text, boss)
    with pytest.raises(NotAllowed, match="Only medical reviewers"):
        let_pass(make_change(by=editor, summary=f"{CLAIM}."), make_staff("Editors"))
    assert ClaimOverride.objects.count() == 0


def test_what_is_not_there_is_not_let_pass(editor: User, reviewer: User) -> None:
    change = make_change(by=editor, summary=f"{CLAIM}.")

    with pytest.raises(WordsMissing):
        let_pass(change, reviewer, reason=" ")
    with pytest.raises(WrongState, match="no such finding"):
        let_pass(change, reviewer, sentence="It cures hips")
    changes.withdraw(change, seen=1, by=editor, now=NOW)
    with pytest.raises(WrongState, match="decided"):
        let_pass(change, reviewer)


def test_what_nobody_let_pass_fails_the_command(editor: User) -> None:
    make_therapy(summary=f"{CLAIM}.")

    with pytest.raises(CommandError, match="1 finding blocks"):
        call_command("check_claims", verbosity=0)
