"""Preview links: who makes and closes them, and what opens one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User

from content import tokens
from content.models import PreviewLink
from content.publishing import sharing, verbs
from content.publishing.exceptions import ChangedMeanwhile, NotAllowed, WrongState
from tests.content.publishing.desk import history
from tests.factories import NOW, make_draft, make_staff, publish

pytestmark = pytest.mark.django_db
WEEK, HOUR, MOMENT = dt.timedelta(days=7), dt.timedelta(hours=1), dt.timedelta(microseconds=1)


def test_link_is_open_until_its_last_moment_and_told_in_the_history(editor: User) -> None:
    draft = make_draft()

    link = sharing.share(draft, days=7, by=editor, now=NOW)

    token = sharing.token_of(link)
    before, at = NOW + WEEK - dt.timedelta(seconds=1), NOW + WEEK
    assert [sharing.opened_by(token, moment) for moment in (NOW, before, at)] == [link, link, None]
    assert history(draft)[-1] == ("shared", "Open until 2026-11-23 12:00 UTC.")
    assert token not in str(PreviewLink.objects.values_list().get())


def test_link_that_is_forged_or_of_another_kind_opens_nothing(editor: User) -> None:
    link = sharing.share(make_draft(), days=1, by=editor, now=NOW)
    token = sharing.token_of(link)
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-1], "", "é" * 48, link.link_id]
    forged.append(tokens.token_for(link.link_id, salt="consultations.links"))

    assert [sharing.opened_by(each, NOW) for each in forged] == [None] * 6


def test_link_that_was_revoked_opens_nothing_and_is_revoked_once(editor: User, reviewer: User) -> None:
    draft = make_draft()
    link = sharing.share(draft, days=30, by=editor, now=NOW)

    sharing.revoke(link, by=reviewer, now=NOW)

    assert sharing.opened_by(sharing.token_of(link), NOW) is None
    with pytest.raises(ChangedMeanwhile, match="closed already"):
        sharing.revoke(link, by=reviewer, now=NOW)
    assert [what for what, _ in history(draft)] == ["started", "shared", "unshared"]


def test_link_of_a_draft_that_was_given_up_opens_nothing(editor: User) -> None:
    draft = make_draft()
    link = sharing.share(draft, days=7, by=editor, now=NOW)
    verbs.withdraw(draft, seen=draft.version, by=editor, now=NOW)

    assert sharing.opened_by(sharing.token_of(link), NOW) is None
    with pytest.raises(WrongState):
        sharing.share(draft, days=7, by=editor, now=NOW)


def test_link_opens_nothing_from_the_moment_on_at_which_its_words_are_withdrawn(editor: User) -> None:
    public, scheduled = publish(make_draft()), publish(make_draft(), at=NOW + HOUR)
    links = [sharing.share(each, days=7, by=editor, now=NOW) for each in (public, scheduled)]
    verbs.withdraw(public, seen=public.version, by=editor, now=NOW, at=NOW + HOUR)

    opened = [
        [sharing.opened_by(sharing.token_of(link), at) is not None for link in links]
        for at in (NOW + HOUR - MOMENT, NOW + HOUR)
    ]

    assert opened == [[True, True], [False, True]]
    with pytest.raises(WrongState):
        sharing.share(public, days=7, by=editor, now=NOW + HOUR)


def test_link_is_refused_to_strangers_and_for_other_days(editor: User) -> None:
    draft = make_draft()
    with pytest.raises(NotAllowed):
        sharing.share(draft, days=7, by=make_staff("Managers"), now=NOW)
    with pytest.raises(WrongState):
        sharing.share(draft, days=365, by=editor, now=NOW)

    link = sharing.share(draft, days=7, by=editor, now=NOW)
    with pytest.raises(NotAllowed):
        sharing.revoke(link, by=make_staff("Triage"), now=NOW)
    assert PreviewLink.objects.live(NOW).count() == 1
