"""The page behind a preview link, and pages whose review lapsed: what they say and what they no longer ask."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from content.models import ClinicProfile, Revision
from content.publishing import commenting, sharing, verbs
from tests.factories import NOW, make_article, make_draft, make_staff

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def editor() -> User:
    """Who passes links on."""
    return make_staff("Editors")


def address(revision: Revision, by: User) -> str:
    """Return the address of a new link of a week."""
    return f"/preview/{sharing.token_of(sharing.share(revision, days=7, by=by, now=NOW))}/"


def asks(text: str) -> bool:
    """Return whether a page asks its reader to talk to the clinic."""
    return "Free consultation" in text or "Ask for a free consultation" in text


@time_machine.travel(NOW, tick=False)
def test_link_shows_the_draft_to_a_stranger_and_lets_nothing_keep_it(client: Client, editor: User) -> None:
    draft = make_draft(title="Not out yet")
    commenting.comment(draft, words="Between us.", by=editor, now=NOW)

    response = client.get(address(draft, editor))

    text = response.content.decode()
    names = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    assert [response.status_code, *(response.headers[name] for name in names)] == [
        200, "no-store", "noindex", "no-referrer",
    ]  # fmt: skip
    assert (dict(response.cookies), "cookie" in response.headers.get("Vary", "").lower()) == ({}, False)
    assert ["Not out yet" in text, "Draft, not reviewed." in text, '<meta name="robots" content="noindex' in text] == [
        True, True, True,
    ]  # fmt: skip
    assert ["Between us." in text, asks(text), "<form" in text, editor.username in text] == [False] * 4


@time_machine.travel(NOW, tick=False)
def test_link_takes_nothing_and_a_forged_one_leads_nowhere(client: Client, editor: User) -> None:
    path = address(make_draft(title="Not out yet"), editor)

    answers = [client.post(path, {"name": "Ada"}), client.get(f"{path[:-4]}AAA/"), client.get("/preview/unknown/")]

    assert [answer.status_code for answer in answers] == [405, 404, 404]
    assert ["Not out yet" in answer.content.decode() for answer in answers] == [False] * 3


@pytest.mark.parametrize(("later", "status"), [(dt.timedelta(days=7, seconds=-1), 200), (dt.timedelta(days=7), 404)])
def test_link_ends_at_its_moment(client: Client, editor: User, later: dt.timedelta, status: int) -> None:
    path = address(make_draft(), editor)

    with time_machine.travel(NOW + later, tick=False):
        assert client.get(path).status_code == status


@time_machine.travel(NOW, tick=False)
def test_link_says_what_became_of_the_revision(client: Client, editor: User) -> None:
    public = make_article()
    later = make_article(published_at=NOW + dt.timedelta(days=1))
    draft = make_draft()
    given_up = address(draft, editor)
    verbs.withdraw(draft, seen=draft.version, by=editor, now=NOW)

    texts = [client.get(address(revision, editor)).content.decode() for revision in (public, later)]

    assert ["Readers see these words." in texts[0], "Not public." in texts[1]] == [True, True]
    assert client.get(given_up).status_code == 404


def test_page_that_lapses_stops_asking_at_midnight_though_it_is_kept(client: Client, clinic: ClinicProfile) -> None:
    due = dt.date(2026, 5, 16)
    page = make_article(reviewed_on=dt.date(2025, 5, 16), next_review_on=due).get_absolute_url()
    # Six months after the 16th of May.
    midnight = dt.datetime(2026, 11, 17, tzinfo=dt.UTC)
    texts = []
    for moment in (midnight - dt.timedelta(seconds=1), midnight):
        with time_machine.travel(moment, tick=False):
            texts.append(client.get(page).content.decode())

    assert [asks(text) for text in texts] == [True, False]
    assert ["This page is due for its review, since 16 May 2026." in text for text in texts] == [True, True]
