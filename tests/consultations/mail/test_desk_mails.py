"""Mails of the editorial desk: what they say, and what becomes of those that cannot be sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse

from consultations.mail import account_mails, desk_mails
from consultations.mail.delivery import BACKOFF_MINUTES, LEASE
from content.models import DeskMail
from content.publishing import telling, verbs
from tests.factories import NOW, make_article, make_contributor, make_draft, make_reviewer, make_staff

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def reviewer() -> User:
    """Who is told."""
    account = make_reviewer()[0]
    User.objects.filter(pk=account.pk).update(email="reviewer@clinic.example")
    return account


def queued() -> DeskMail:
    """Return the mail that tells of a submitted draft."""
    editor = make_staff("Editors")
    draft = make_draft(title="Her words", edited_by=editor)
    verbs.submit(draft, seen=1, by=editor, now=NOW)
    return DeskMail.objects.get()


def test_mail_holds_a_link_and_no_text_and_leaves_once(reviewer: User) -> None:
    row = queued()

    counts = [desk_mails.deliver_due(now=NOW), desk_mails.deliver_due(now=NOW + dt.timedelta(days=1))]

    (sent,) = mail.outbox
    assert (counts, sent.to, sent.subject) == ([1, 0], ["reviewer@clinic.example"], "An article waits for your review")
    assert row.event is not None
    link = "http://localhost:8000" + reverse("admin:content_revision_change", args=[row.event.revision_id])
    assert sent.body == f"An article waits for your review.\n\nOpen it at the desk:\n{link}\n"
    assert ["Her words" in str(sent.message()), sent.message().as_string().count("/admin/content/revision/")] == [
        False,
        2,
    ]


def test_mail_about_an_overdue_review_leads_to_the_article() -> None:
    editor = make_staff("Editors", email="editor@clinic.example")
    late = make_article(
        author=make_contributor(account=editor), reviewed_on=dt.date(2025, 1, 1), next_review_on=dt.date(2026, 1, 1)
    )
    telling.tell_overdue(now=NOW)

    desk_mails.deliver_due(now=NOW)

    assert reverse("admin:content_article_change", args=[late.article_id]) in mail.outbox[0].body


def test_mail_to_who_left_the_desk_is_given_up(reviewer: User) -> None:
    queued()
    reviewer.groups.clear()

    assert (desk_mails.deliver_due(now=NOW), mail.outbox) == (0, [])
    assert DeskMail.objects.get().given_up_at == NOW


def test_mail_that_fails_waits_and_is_given_up_at_last(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued()

    def fails(built: Any) -> None:
        raise OSError

    monkeypatch.setattr(account_mails, "hand_over", fails)
    assert account_mails.deliver(DeskMail.objects.all(), row.pk, desk_mails.build, now=NOW) is False
    row.refresh_from_db()
    assert (row.attempts, row.due_at) == (1, NOW + dt.timedelta(minutes=BACKOFF_MINUTES[0]))

    DeskMail.objects.update(attempts=len(BACKOFF_MINUTES))
    account_mails.deliver(DeskMail.objects.all(), row.pk, desk_mails.build, now=NOW + dt.timedelta(days=2))
    assert DeskMail.objects.get().given_up_at is not None


def test_mail_that_a_worker_has_is_left_to_it_until_its_lease_ends(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = queued()
    DeskMail.objects.update(attempts=1, due_at=NOW + LEASE)

    taken = [
        account_mails.deliver(
            DeskMail.objects.all(), row.pk, desk_mails.build, now=NOW + LEASE - dt.timedelta(seconds=1)
        ),
        account_mails.deliver(DeskMail.objects.all(), row.pk, desk_mails.build, now=NOW + LEASE),
    ]

    assert taken == [False, True]
