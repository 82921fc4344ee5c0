"""Who is told of what happens at the desk, and how often."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from content.models import DeskMail
from content.publishing import reviews, telling, verbs
from tests.factories import NOW, make_article, make_clinic, make_contributor, make_draft, make_reviewer, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    """Who writes, with an address."""
    return make_staff("Editors", email="editor@clinic.example")


@pytest.fixture
def reviewer() -> User:
    """Who approves, with an address."""
    account = make_reviewer()[0]
    account.email = "reviewer@clinic.example"
    account.save()
    return account


def told() -> list[tuple[str, int]]:
    """Return what was told, and to whom."""
    return list(DeskMail.objects.order_by("pk").values_list("kind", "account"))


def test_each_event_is_told_to_the_other_side_once(editor: User, reviewer: User) -> None:
    make_staff("Medical reviewers")
    make_staff("Medical reviewers", email="gone@clinic.example", is_active=False)
    draft = make_draft(edited_by=editor)

    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
    verbs.send_back(draft, seen=draft.version, by=reviewer, now=NOW, words="Shorter.")
    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
    verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW)

    assert told() == [
        ("submitted", reviewer.pk),
        ("sent_back", editor.pk),
        ("submitted", reviewer.pk),
        ("approved", editor.pk),
    ]


def test_who_wrote_it_is_not_asked_to_review_it() -> None:
    both = make_staff("Editors", "Medical reviewers", email="both@clinic.example")
    draft = make_draft(edited_by=both)

    verbs.submit(draft, seen=draft.version, by=make_staff("Editors"), now=NOW)

    assert told() == []


def test_mail_goes_with_what_it_tells_of(editor: User, reviewer: User) -> None:
    draft = make_draft(edited_by=editor)
    with transaction.atomic():
        verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
        told_before = told()
        transaction.set_rollback(True)

    assert (told_before, told()) == ([("submitted", reviewer.pk)], [])


def test_overdue_review_is_told_once_for_each_day_it_was_due(editor: User, reviewer: User) -> None:
    article = make_article(
        author=make_contributor(account=editor), reviewed_on=dt.date(2025, 1, 1), next_review_on=dt.date(2026, 11, 15)
    )
    make_article()

    counts = [telling.tell_overdue(now=NOW), telling.tell_overdue(now=NOW + dt.timedelta(days=1))]

    assert (counts, told()) == ([1, 0], [("overdue", editor.pk)])
    assert DeskMail.objects.get().article == article.article


def test_owner_is_the_author_else_the_approver_else_nobody(editor: User, reviewer: User) -> None:
    by_author = make_article(author=make_contributor(account=editor))
    by_approver, by_nobody = make_article(), make_article()
    by_approver.approved_by = reviewer

    owners = [telling.owner_of(revision) for revision in (by_author, by_approver, by_nobody)]

    assert owners == [editor, reviewer, None]


@pytest.mark.parametrize(
    ("due", "months", "last"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 1, 15), 12, dt.date(2027, 1, 15)),
        (dt.date(2026, 1, 15), 0, dt.date(2026, 1, 15)),
    ],
)
def test_review_lapses_the_day_after_the_last_month(due: dt.date, months: int, last: dt.date) -> None:
    clinic = make_clinic(review_grace_months=months)

    assert [reviews.has_lapsed(due, day, clinic) for day in (last, last + dt.timedelta(days=1))] == [False, True]
