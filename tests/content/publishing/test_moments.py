"""When readers see which revision: scheduled, replaced, withdrawn, corrected, restored."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User

from content.choices import EventKind, RevisionState
from content.models import Revision
from content.publishing import verbs
from content.publishing.exceptions import ChangedMeanwhile, WrongState
from tests.content.publishing.desk import history, submitted
from tests.factories import NOW, make_article, section_words

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_scheduled_revision_takes_the_place_of_the_old_one_at_its_moment(editor: User, reviewer: User) -> None:
    old = make_article()
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))

    verbs.approve(new, seen=new.version, by=reviewer, now=NOW, go_live_at=NOW + HOUR)

    moments = [NOW + HOUR - dt.timedelta(microseconds=1), NOW + HOUR]
    assert [list(Revision.objects.public(moment)) for moment in moments] == [[old], [new]]


def test_correction_before_a_scheduled_revision_ends_where_that_begins(editor: User, reviewer: User) -> None:
    old = make_article()
    later = submitted(editor, verbs.start(old.article, by=editor, now=NOW))
    verbs.approve(later, seen=later.version, by=reviewer, now=NOW, go_live_at=NOW + 2 * HOUR)

    sooner = submitted(editor, verbs.start(old.article, by=editor, now=NOW))
    verbs.approve(sooner, seen=sooner.version, by=reviewer, now=NOW, go_live_at=NOW + HOUR)

    moments = [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert [list(Revision.objects.public(moment)) for moment in moments] == [[old], [sooner], [later]]


def test_scheduled_revision_that_is_withdrawn_leaves_the_old_one_where_it_was(editor: User, reviewer: User) -> None:
    old = make_article()
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))
    verbs.approve(new, seen=new.version, by=reviewer, now=NOW, go_live_at=NOW + HOUR)

    verbs.withdraw(new, seen=new.version, by=editor, now=NOW)

    assert list(Revision.objects.public(NOW + HOUR)) == [old]
    assert list(Revision.objects.scheduled(NOW)) == []
    assert new.state == RevisionState.WITHDRAWN


def test_planned_end_stays_where_a_revision_that_was_to_begin_then_is_withdrawn(editor: User, reviewer: User) -> None:
    old = make_article()
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))
    verbs.withdraw(old, seen=old.version, by=editor, now=NOW, at=NOW + HOUR)
    verbs.approve(new, seen=new.version, by=reviewer, now=NOW, go_live_at=NOW + HOUR)

    verbs.withdraw(new, seen=new.version, by=editor, now=NOW)

    assert [list(Revision.objects.public(moment)) for moment in (NOW, NOW + HOUR)] == [[old], []]


def test_withdrawal_takes_the_page_away_now_or_at_a_moment(editor: User) -> None:
    at_once, later = make_article(), make_article()

    verbs.withdraw(at_once, seen=at_once.version, by=editor, now=NOW, words="Out of date.")
    verbs.withdraw(later, seen=later.version, by=editor, now=NOW, at=NOW + HOUR)

    moments = [NOW - HOUR, NOW, NOW + HOUR]
    assert [set(Revision.objects.public(moment)) for moment in moments] == [{at_once, later}, {later}, set()]
    assert (at_once.state, later.state) == (RevisionState.WITHDRAWN, RevisionState.APPROVED)
    assert history(at_once)[-1] == (EventKind.WITHDRAWN, "Out of date.")


def test_planned_end_of_a_page_outlives_a_correction(editor: User, reviewer: User) -> None:
    old = make_article()
    verbs.withdraw(old, seen=old.version, by=editor, now=NOW, at=NOW + 2 * HOUR)
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))

    verbs.approve(new, seen=new.version, by=reviewer, now=NOW + HOUR)

    moments = [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert [list(Revision.objects.public(moment)) for moment in moments] == [[old], [new], []]


@pytest.mark.parametrize("moment", [NOW - dt.timedelta(seconds=1), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)])
def test_moments_in_the_past_are_refused(editor: User, reviewer: User, moment: dt.datetime) -> None:
    draft, public = submitted(editor), make_article()

    with pytest.raises(WrongState, match="past"):
        verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW, go_live_at=moment)
    with pytest.raises(WrongState, match="past"):
        verbs.withdraw(public, seen=public.version, by=editor, now=NOW, at=moment)


def test_what_readers_no_longer_see_is_not_withdrawn_again(editor: User, reviewer: User) -> None:
    old = make_article()
    make_article(article=old.article, published_at=NOW)

    old.refresh_from_db()
    with pytest.raises(WrongState, match="nothing to withdraw"):
        verbs.withdraw(old, seen=old.version, by=editor, now=NOW + HOUR)


def test_restoring_makes_a_draft_of_an_old_revision(editor: User) -> None:
    old = make_article(title="Old words", sections=[section_words(heading="Old part")])
    make_article(article=old.article, title="New words", published_at=NOW)

    draft = verbs.restore(old, by=editor, now=NOW)

    assert (draft.number, draft.title, draft.based_on) == (3, "Old words", old)
    assert [section.heading for section in draft.sections.all()] == ["Old part"]
    assert Revision.objects.public(NOW).get().title == "New words"


def test_article_is_first_seen_with_what_was_slipped_in_before_its_first_revision(editor: User, reviewer: User) -> None:
    first = submitted(editor)
    verbs.approve(first, seen=first.version, by=reviewer, now=NOW, go_live_at=NOW + 2 * HOUR)
    sooner = submitted(editor, verbs.start(first.article, by=editor, now=NOW))

    verbs.approve(sooner, seen=sooner.version, by=reviewer, now=NOW, go_live_at=NOW + HOUR)
    first.refresh_from_db()
    assert [sooner.published_at, first.published_at] == [NOW + HOUR] * 2

    verbs.withdraw(sooner, seen=sooner.version, by=editor, now=NOW)
    first.refresh_from_db()
    assert first.published_at == NOW + 2 * HOUR


def test_approving_in_the_moment_of_a_withdrawal_is_refused_in_words(editor: User, reviewer: User) -> None:
    old = make_article()
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))
    # Whose clock is ahead comes first.
    verbs.withdraw(old, seen=old.version, by=editor, now=NOW + dt.timedelta(milliseconds=1))

    with pytest.raises(ChangedMeanwhile, match="withdrawn in the very moment"):
        verbs.approve(new, seen=new.version, by=reviewer, now=NOW)

    new.refresh_from_db()
    assert new.state == RevisionState.SUBMITTED


def test_correction_keeps_the_reviewer_beside_the_date_and_notes_who_approved(editor: User, reviewer: User) -> None:
    old = make_article()
    new = submitted(editor, verbs.start(old.article, by=editor, now=NOW))

    verbs.approve(new, seen=new.version, by=reviewer, now=NOW, correction=True)

    kept = (old.medical_reviewer, old.reviewed_on)
    assert ((new.medical_reviewer, new.reviewed_on), new.approved_by) == (kept, reviewer)
