"""What people do with revisions: who may, in which state, and that nobody comes second without being told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from content.choices import EventKind, RevisionState
from content.models import Revision
from content.publishing import checks, verbs
from content.publishing.exceptions import Blocked, ChangedMeanwhile, NotAllowed, WordsMissing, WrongState
from tests.content.publishing.desk import approved, history, submitted
from tests.factories import (
    NOW,
    make_article,
    make_contributor,
    make_draft,
    make_reference,
    make_reviewer,
    make_staff,
    section_words,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_start_copies_what_readers_see_and_they_go_on_seeing_it(editor: User) -> None:
    guide = make_article()
    public = make_article(
        title="As it is", sections=[section_words(heading="Why")], citations=[make_reference()], related=[guide]
    )

    draft = verbs.start(public.article, by=editor, now=NOW)

    assert (draft.number, draft.state, draft.based_on, draft.title) == (2, RevisionState.DRAFT, public, "As it is")
    assert list(draft.sections.values_list("heading", flat=True)) == ["Why"]
    assert list(draft.citations.values_list("number", "reference")) == list(
        public.citations.values_list("number", "reference")
    )
    assert list(draft.related.all()) == [guide.article]
    assert Revision.objects.public(NOW).get(article=public.article) == public


def test_start_is_refused_while_there_is_a_draft(editor: User) -> None:
    public = make_article()
    verbs.start(public.article, by=editor, now=NOW)

    with pytest.raises(WrongState, match="There is a draft of this article already"):
        verbs.start(public.article, by=editor, now=NOW)
    assert public.article.revisions.count() == 2


def test_save_writes_the_words_with_its_history(editor: User) -> None:
    draft = make_draft()

    verbs.save(draft, seen=1, by=editor, now=NOW, words={"title": "Other", "lead": '<p onclick="x()">Kept</p>'})

    draft.refresh_from_db()
    assert (draft.title, draft.lead, draft.version, draft.edited_by) == ("Other", "<p>Kept</p>", 2, editor)
    assert history(draft) == [(EventKind.STARTED, ""), (EventKind.SAVED, "")]


def test_second_of_two_who_saw_the_same_version_is_told(editor: User) -> None:
    draft = make_draft()
    verbs.save(draft, seen=1, by=editor, now=NOW, words={"title": "First"})

    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        verbs.save(draft, seen=1, by=make_staff("Editors"), now=NOW, words={"title": "Second"})

    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("First", 2)


def test_submitted_words_are_saved_no_more_until_they_are_sent_back(editor: User, reviewer: User) -> None:
    draft = submitted(editor)
    with pytest.raises(ChangedMeanwhile):
        verbs.save(draft, seen=draft.version, by=editor, now=NOW, words={"title": "Late"})

    verbs.send_back(draft, seen=draft.version, by=reviewer, now=NOW, words=" Cite a source. ")
    verbs.save(draft, seen=draft.version, by=editor, now=NOW, words={"title": "Mended"})

    assert (draft.title, draft.state) == ("Mended", RevisionState.SENT_BACK)
    assert history(draft)[-2:] == [(EventKind.SENT_BACK, "Cite a source."), (EventKind.SAVED, "")]


def test_sending_back_needs_words(editor: User, reviewer: User) -> None:
    draft = submitted(editor)

    with pytest.raises(WordsMissing):
        verbs.send_back(draft, seen=draft.version, by=reviewer, now=NOW, words="  ")


def test_approval_is_public_under_the_name_of_who_approved(editor: User) -> None:
    account, seen_as = make_reviewer()
    revision = approved(editor, account)

    assert Revision.objects.public(NOW).get() == revision
    assert (revision.approved_by, revision.medical_reviewer) == (account, seen_as)
    assert (revision.go_live_at, revision.published_at, revision.withdrawn_at) == (NOW, NOW, None)
    assert (revision.reviewed_on, revision.next_review_on) == (NOW.date(), NOW.date() + dt.timedelta(days=365))
    assert history(revision)[-1] == (EventKind.APPROVED, "")


def test_approval_is_of_the_version_that_was_read(editor: User, reviewer: User) -> None:
    draft = submitted(editor)
    read = draft.version
    verbs.send_back(draft, seen=read, by=reviewer, now=NOW, words="Shorter.")
    verbs.save(draft, seen=draft.version, by=editor, now=NOW, words={"title": "Swapped"})
    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        verbs.approve(draft, seen=read, by=reviewer, now=NOW)
    assert Revision.objects.public(NOW).count() == 0


def test_editor_does_not_approve(editor: User) -> None:
    draft = submitted(editor)

    with pytest.raises(NotAllowed, match="Only medical reviewers"):
        verbs.approve(draft, seen=draft.version, by=make_staff("Editors"), now=NOW)


def test_reviewer_does_not_write(reviewer: User) -> None:
    draft = make_draft()

    for verb in (verbs.submit, verbs.save):
        with pytest.raises(NotAllowed, match="Only editors"):
            verb(draft, seen=1, by=reviewer, now=NOW, **({"words": {}} if verb is verbs.save else {}))


def test_reviewer_without_a_byline_is_told_what_is_missing(editor: User) -> None:
    draft = submitted(editor)

    with pytest.raises(NotAllowed, match="no byline"):
        verbs.approve(draft, seen=draft.version, by=make_staff("Medical reviewers"), now=NOW)


def all_powerful() -> User:
    """Return a superuser with a byline: no right of theirs is in the way."""
    account = make_staff(is_superuser=True)
    make_contributor(account=account)
    return account


def test_nobody_approves_words_that_they_wrote_even_where_somebody_else_came_last(editor: User) -> None:
    boss = all_powerful()
    draft = make_draft(edited_by=editor)
    verbs.save(draft, seen=1, by=boss, now=NOW, words={"title": "The boss's"})
    verbs.save(draft, seen=2, by=editor, now=NOW, words={"summary": "The editor's."})
    submitted(editor, draft)

    with pytest.raises(NotAllowed, match="own words"):
        verbs.approve(draft, seen=draft.version, by=boss, now=NOW)


def test_nobody_approves_their_own_words_in_a_draft_that_was_restored_by_another(editor: User) -> None:
    boss = all_powerful()
    draft = make_draft(edited_by=boss)
    verbs.withdraw(draft, seen=1, by=boss, now=NOW)
    restored = submitted(editor, verbs.restore(draft, by=editor, now=NOW))

    with pytest.raises(NotAllowed, match="own words"):
        verbs.approve(restored, seen=restored.version, by=boss, now=NOW)


def test_nobody_approves_what_carries_their_name_as_author(editor: User) -> None:
    account, person = make_reviewer()
    draft = submitted(editor, make_draft(edited_by=editor, author=person))

    with pytest.raises(NotAllowed, match="own words"):
        verbs.approve(draft, seen=draft.version, by=account, now=NOW)


def test_words_that_another_approved_before_are_no_longer_one_s_own(editor: User, reviewer: User) -> None:
    boss = all_powerful()
    public = approved(boss, reviewer, make_draft(edited_by=boss))
    draft = submitted(editor, verbs.start(public.article, by=editor, now=NOW))

    verbs.approve(draft, seen=draft.version, by=boss, now=NOW + HOUR)

    assert Revision.objects.public(NOW + HOUR).get() == draft


def test_correction_keeps_the_day_of_the_review(editor: User, reviewer: User) -> None:
    public = make_article(reviewed_on=dt.date(2026, 5, 1), next_review_on=dt.date(2027, 5, 1))
    draft = submitted(editor, verbs.start(public.article, by=editor, now=NOW))

    verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW, correction=True)

    assert (draft.reviewed_on, draft.next_review_on) == (dt.date(2026, 5, 1), dt.date(2027, 5, 1))
    assert (draft.published_at, draft.go_live_at) == (public.published_at, NOW)
    assert history(draft)[-1][0] == EventKind.CORRECTED


def test_first_revision_is_no_correction(editor: User, reviewer: User) -> None:
    draft = submitted(editor)

    with pytest.raises(WrongState, match="no correction"):
        verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW, correction=True)


@pytest.fixture
def blocking() -> Iterator[None]:
    """A check that blocks a title with "cure" in it."""

    def no_cure(revision: Revision) -> list[checks.Block]:
        found = "cure" in revision.title
        return [checks.Block("Do not speak of a cure.", "title")] if found else []

    checks.CHECKS.append(no_cure)
    yield
    checks.CHECKS.remove(no_cure)


@pytest.mark.usefixtures("blocking")
def test_check_stands_in_the_way_of_submitting(editor: User) -> None:
    draft = make_draft(title="A cure", edited_by=editor)

    with pytest.raises(Blocked) as refusal:
        verbs.submit(draft, seen=1, by=editor, now=NOW)

    draft.refresh_from_db()
    assert refusal.value.blocks == [checks.Block("Do not speak of a cure.", "title")]
    assert (draft.state, draft.version) == (RevisionState.DRAFT, 1)


def test_check_that_came_after_submitting_stands_in_the_way_of_approving(
    editor: User, reviewer: User, request: pytest.FixtureRequest
) -> None:
    draft = submitted(editor, make_draft(title="A cure", edited_by=editor))
    request.getfixturevalue("blocking")

    with pytest.raises(Blocked):
        verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (RevisionState.SUBMITTED, None)


def test_article_is_not_its_own_related_guide(editor: User) -> None:
    draft = make_draft(edited_by=editor)
    draft.related_links.create(related=draft.article)

    with pytest.raises(Blocked, match="own related guide"):
        verbs.submit(draft, seen=1, by=editor, now=NOW)
