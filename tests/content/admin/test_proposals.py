"""The list of changes that wait, their page with old and new, and its buttons."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from content.models import ProposedChange, Therapy
from content.publishing import changes
from tests import factories
from tests.content.admin.screens import login, page
from tests.desk import told
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def propose(by: User | None = None, summary: str = "New words.") -> ProposedChange:
    """Write a therapy and a change of it."""
    therapy = factories.make_therapy(summary="Old words.")
    therapy.summary = summary
    change = changes.propose(therapy, ["summary"], by=by or factories.make_staff("Editors"), now=NOW)
    assert change is not None
    return change


def press(client: Client, change: ProposedChange, name: str, **values: Any) -> Any:
    """Press a button of a change's page."""
    return client.post(page(ProposedChange, name, change.pk), {"seen": change.version} | values, follow=True)


def test_page_shows_old_and_new(client: Client) -> None:
    change = propose()
    login(client, "Medical reviewers")

    html = client.get(page(ProposedChange, "change", change.pk)).content.decode()

    assert all(words in html for words in ("Old words.", "New words.", "Approve", "Send back"))


def test_reviewer_approves(client: Client) -> None:
    change = propose()
    login(client, "Medical reviewers")

    response = press(client, change, "approve")

    assert (Therapy.objects.get().summary, "It is approved, and public." in told(response)) == ("New words.", True)


@pytest.mark.parametrize(("group", "status"), [("Editors", 403), ("Managers", 403), ("Triage", 403)])
def test_others_do_not_approve(client: Client, group: str, status: int) -> None:
    change = propose()
    login(client, group)

    responses = [press(client, change, name, words="No") for name in ("approve", "send_back")]

    assert [response.status_code for response in responses] == [status, status]
    assert Therapy.objects.get().summary == "Old words."


def test_nobody_approves_their_own_words(client: Client) -> None:
    boss = login(client, is_superuser=True)
    change = propose(by=boss)

    response = press(client, change, "approve")

    assert "Nobody approves their own words" in told(response)
    assert Therapy.objects.get().summary == "Old words."


def test_what_was_not_read_is_not_approved(client: Client) -> None:
    change = propose()
    login(client, "Medical reviewers")

    old = press(client, change, "approve", seen=change.version - 1)
    none = press(client, change, "approve", seen="")

    assert ("not as you saw it" in told(old), "not complete" in told(none)) == (True, True)
    assert Therapy.objects.get().summary == "Old words."


def test_page_shows_what_readers_see_by_now(client: Client) -> None:
    change = propose()
    Therapy.objects.update(summary="Words of somebody else.")
    login(client, "Medical reviewers")

    html = client.get(page(ProposedChange, "change", change.pk)).content.decode()
    response = press(client, change, "approve")

    assert all(words in html for words in ("Old words.", "New words.", "Words of somebody else."))
    assert "changed since this was proposed" in told(response)


def test_change_is_sent_back_and_withdrawn(client: Client) -> None:
    author = factories.make_staff("Editors")
    change = propose(by=author)
    login(client, "Medical reviewers")

    without = press(client, change, "send_back", words="")
    press(client, change, "send_back", words="Say it plainly.")
    change.refresh_from_db()
    client.force_login(author)
    html = client.get(page(ProposedChange, "change", change.pk)).content.decode()
    press(client, change, "withdraw")

    assert "Say what is to be changed" in told(without)
    assert "Say it plainly." in html
    assert list(change.events.values_list("what", flat=True)) == ["proposed", "sent_back", "withdrawn"]


@pytest.mark.parametrize("name", ["approve", "send_back", "withdraw"])
def test_buttons_answer_to_post_only(client: Client, name: str) -> None:
    change = propose()
    login(client, "Medical reviewers")

    assert client.get(page(ProposedChange, name, change.pk)).status_code == 405
    assert client.post(page(ProposedChange, name, 0), {"seen": 1}).status_code == 404


def test_page_of_a_change_is_only_read(client: Client) -> None:
    change = propose()
    login(client, is_superuser=True)

    responses = [client.post(page(ProposedChange, which, change.pk), {"post": "yes"}) for which in ("change", "delete")]

    assert [response.status_code for response in responses] == [405, 403]
    assert ProposedChange.objects.count() == 1


def test_list_shows_what_waits_unless_asked_for_more(client: Client) -> None:
    waits, decided = propose(), propose()
    changes.withdraw(decided, seen=1, by=decided.proposed_by, now=NOW)
    login(client, "Editors")

    def listed(query: str) -> list[ProposedChange]:
        return list(client.get(page(ProposedChange, "changelist") + query).context["cl"].queryset)

    assert (listed(""), listed("?standing=decided")) == ([waits], [decided])
    assert len(listed("?standing=all")) == 2


@pytest.mark.parametrize("kind", ["add", "remove"])
def test_page_shows_new_rows_and_removals(client: Client, kind: str) -> None:
    notice = factories.make_notice(title="A law")
    editor = factories.make_staff("Editors")
    if kind == "add":
        notice.pk, notice.slug = None, "new"
        change = changes.propose(notice, [], by=editor, now=NOW)
    else:
        change = changes.propose_removal(notice, by=editor, now=NOW)
    login(client, "Medical reviewers")

    html = client.get(page(ProposedChange, "change", change.pk if change else 0)).content.decode()

    assert "A law" in html
