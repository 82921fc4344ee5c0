"""The buttons of the desk: the way of an article from its first word to its readers and back, and who may press what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.admin.moments import in_words
from content.choices import RevisionState
from content.models import Article, Revision, RevisionEvent
from content.publishing import verbs
from tests import factories
from tests.content.admin.screens import form_of, login, page
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clinic")
BUTTONS = ["submit", "send_back", "approve", "withdraw", "restore"]


def press(client: Client, revision: Revision, name: str, **data: Any) -> str:
    """Press a button as its page would; return what is told of it."""
    revision.refresh_from_db()
    address = reverse(f"admin:content_revision_{name}", args=[revision.pk])
    response = client.post(address, {"seen": revision.version} | data, follow=True)
    assert response.status_code == 200
    return str(list(response.context["messages"])[-1])


def waiting() -> Revision:
    """Write a draft that waits for a review."""
    draft = factories.make_draft()
    verbs.submit(draft, seen=1, by=factories.make_staff("Editors"), now=NOW)
    return draft


def enter(client: Client, user: User) -> None:
    """Log somebody in."""
    client.force_login(user)


def test_article_goes_its_way_from_the_first_word_to_its_readers(client: Client) -> None:
    editor, (reviewer, _) = factories.make_staff("Editors"), factories.make_reviewer()
    topic, author = factories.make_topic(), factories.make_contributor()
    enter(client, editor)
    begun = client.post(
        page(Article, "add"), {"title": "A guide", "slug": "a-guide", "topic": topic.pk, "author": author.pk}
    )
    draft = Revision.objects.get()
    assert (begun.status_code, begun.headers["Location"]) == (302, page(Revision, "change", draft.pk))
    assert client.get("/articles/a-guide/").status_code == 404

    data = form_of(client.get(page(Revision, "change", draft.pk)))
    words = {"summary": "What it says.", "lead": "<p>First words.</p>"}
    assert client.post(page(Revision, "change", draft.pk), data | words).status_code == 302
    assert press(client, draft, "submit") == "It waits for a review now."
    enter(client, reviewer)
    assert press(client, draft, "send_back", words="Say more.") == "It is sent back."
    enter(client, editor)
    assert press(client, draft, "submit") == "It waits for a review now."
    assert client.get("/articles/a-guide/").status_code == 404
    enter(client, reviewer)
    assert press(client, draft, "approve") == "It is approved."

    text = client.get("/articles/a-guide/").content.decode()
    assert ["First words." in text, "Dr. Ada Reviewer" in text] == [True, True]
    assert list(draft.events.values_list("what", flat=True)) == [
        "started", "saved", "submitted", "sent_back", "submitted", "approved",
    ]  # fmt: skip
    assert press(client, draft, "withdraw") == "It is withdrawn."
    assert client.get("/articles/a-guide/").status_code == 404


def test_public_article_is_changed_in_a_draft_while_readers_see_the_old_words(client: Client) -> None:
    article = factories.make_article(slug="known", title="Old title").article
    login(client, "Editors")

    started = client.post(reverse("admin:content_article_start", args=[article.pk]))
    draft = article.revisions.open().get()
    data = form_of(client.get(page(Revision, "change", draft.pk)))
    client.post(page(Revision, "change", draft.pk), data | {"title": "New title"})

    draft.refresh_from_db()
    assert started.headers["Location"] == page(Revision, "change", draft.pk)
    assert (draft.title, "Old title" in client.get("/articles/known/").content.decode()) == ("New title", True)
    shown = client.get(page(Article, "change", article.pk)).content.decode()
    assert ["Old title" in shown, "New title" in shown] == [True, True]


@pytest.mark.parametrize("name", BUTTONS)
@pytest.mark.parametrize("group", ["Triage", "Managers", "Editors", "Medical reviewers"])
def test_button_of_another_group_is_refused_and_changes_nothing(client: Client, group: str, name: str) -> None:
    theirs = {"Editors": {"submit", "withdraw", "restore"}, "Medical reviewers": {"send_back", "approve", "withdraw"}}
    if name in theirs.get(group, set()):
        name = "approve" if group == "Editors" else "submit"
    draft = waiting()
    login(client, group)
    before = Revision.objects.filter(pk=draft.pk).values().get(), RevisionEvent.objects.count()

    address = reverse(f"admin:content_revision_{name}", args=[draft.pk])
    answers = [client.get(address).status_code, client.post(address, {"seen": draft.version, "words": "x"}).status_code]

    assert answers == [403, 403]
    assert (Revision.objects.filter(pk=draft.pk).values().get(), RevisionEvent.objects.count()) == before


@pytest.mark.parametrize("name", BUTTONS)
def test_button_is_for_those_who_are_logged_in(client: Client, name: str) -> None:
    draft = waiting()
    address = reverse(f"admin:content_revision_{name}", args=[draft.pk])

    response = client.post(address, {"seen": draft.version})

    draft.refresh_from_db()
    assert (response.status_code, draft.state) == (302, RevisionState.SUBMITTED)
    assert "/login/" in response.headers["Location"]


def test_article_of_another_group_is_not_started(client: Client) -> None:
    article = factories.make_article().article
    login(client, "Medical reviewers")

    assert client.post(reverse("admin:content_article_start", args=[article.pk])).status_code == 403
    assert article.revisions.count() == 1


def test_editor_cannot_approve_through_the_form_either(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    data = form_of(client.get(page(Revision, "change", draft.pk)))
    forged = {"state": "approved", "approved_by": "1", "approved_at": "2026-01-01", "go_live_at_0": "2026-01-01"}

    client.post(page(Revision, "change", draft.pk), data | forged)

    draft.refresh_from_db()
    assert (draft.version, draft.state, draft.approved_by, draft.go_live_at) == (2, RevisionState.DRAFT, None, None)


def test_approved_revision_is_only_read(client: Client) -> None:
    revision = factories.make_article(title="Approved", sections=[factories.section_words()])
    login(client, is_superuser=True)

    shown = client.get(page(Revision, "change", revision.pk))
    saved = client.post(page(Revision, "change", revision.pk), {"title": "Forged", "seen": revision.version})
    deleted = client.post(page(Revision, "delete", revision.pk), {"post": "yes"})
    gone = client.post(page(Article, "delete", revision.article_id), {"post": "yes"})

    revision.refresh_from_db()
    assert (shown.status_code, 'name="title"' in shown.content.decode()) == (200, False)
    assert [saved.status_code, deleted.status_code, gone.status_code, revision.title] == [409, 403, 403, "Approved"]


def test_reviewer_is_told_why_their_own_words_are_not_approved(client: Client) -> None:
    boss = factories.make_staff(is_superuser=True)
    factories.make_contributor(account=boss)
    draft = factories.make_draft(edited_by=boss)
    enter(client, boss)
    press(client, draft, "submit")
    shown = client.get(page(Revision, "change", draft.pk))

    assert "Nobody approves their own words." in press(client, draft, "approve")
    assert "You cannot approve it. Nobody approves their own words." in shown.content.decode()
    assert [button.name for button, _ in shown.context["buttons"]] == ["send_back", "withdraw"]
    draft.refresh_from_db()
    assert draft.state == RevisionState.SUBMITTED


@pytest.mark.parametrize("name", ["submit", "restore"])
def test_button_without_a_page_is_not_pressed_by_looking(client: Client, name: str) -> None:
    draft = factories.make_draft()
    login(client, "Editors")

    assert client.get(reverse(f"admin:content_revision_{name}", args=[draft.pk])).status_code == 405
    assert draft.article.revisions.count() == 1


def test_page_of_a_button_says_what_it_does_and_keeps_what_was_typed(client: Client) -> None:
    draft = waiting()
    enter(client, factories.make_reviewer()[0])
    address = reverse("admin:content_revision_approve", args=[draft.pk])

    shown = client.get(address).content.decode()
    again = client.post(address, {"seen": draft.version, "go_live_at": "tomorrow"}).content.decode()

    assert "You approve exactly these words" in shown
    assert ["Enter a valid date/time." in again, 'value="tomorrow"' in again] == [True, True]


def test_words_that_changed_since_the_page_was_opened_are_not_approved(client: Client) -> None:
    draft = waiting()
    enter(client, factories.make_reviewer()[0])
    revision_page = reverse("admin:content_revision_change", args=[draft.pk])
    address = reverse("admin:content_revision_approve", args=[draft.pk])
    link = f"{address}?seen={draft.version}"
    linked = link in client.get(revision_page).content.decode()

    # Sent back, written anew and submitted again, while the page was open.
    verbs.send_back(draft, seen=draft.version, by=factories.make_reviewer()[0], now=NOW, words="Mend the lead.")
    verbs.submit(draft, seen=draft.version, by=factories.make_staff("Editors"), now=NOW)
    seen = client.get(link).context["form"]["seen"].value()
    client.post(address, {"seen": seen})

    draft.refresh_from_db()
    assert (linked, draft.state) == (True, RevisionState.SUBMITTED)


def test_moment_is_typed_in_the_clinic_s_zone_and_told_in_two(client: Client) -> None:
    draft = waiting()
    enter(client, factories.make_reviewer()[0])
    zone = "New York time"
    with time_machine.travel(NOW, tick=False):
        asked = client.get(reverse("admin:content_revision_approve", args=[draft.pk])).content.decode()
        press(client, draft, "approve", go_live_at="2026-11-17T09:00")
        shown = client.get(page(Revision, "change", draft.pk)).content.decode()

    draft.refresh_from_db()
    assert draft.go_live_at == dt.datetime(2026, 11, 17, 14, tzinfo=dt.UTC)
    assert f"Readers see it from ({zone})" in asked
    assert f"Readers see it from Tue 17 Nov 2026, 09:00 {zone}, which is Tue 17 Nov 2026, 14:00 UTC" in shown


def test_moment_that_the_clock_skips_is_refused(client: Client) -> None:
    draft = waiting()
    enter(client, factories.make_reviewer()[0])

    with time_machine.travel(NOW, tick=False):
        address = reverse("admin:content_revision_approve", args=[draft.pk])
        response = client.post(address, {"seen": draft.version, "go_live_at": "2027-03-14T02:30"})

    assert "couldn’t be interpreted in time zone America/New_York" in str(response.context["form"].errors)


def test_moment_without_another_zone_is_told_once() -> None:
    assert in_words(NOW) == "Mon 16 Nov 2026, 12:00 UTC"


def test_list_shows_what_waits_for_a_review(client: Client) -> None:
    draft = waiting()
    factories.make_draft(title="Still written")
    login(client, "Medical reviewers")

    listed = client.get(page(Article, "changelist"), {"desk": "submitted"})

    assert [row.pk for row in listed.context["cl"].result_list] == [draft.article_id]


def test_preview_shows_a_draft_to_staff_as_readers_would_see_it(client: Client) -> None:
    draft = factories.make_draft(lead="<p>Not said yet.</p>", sections=[factories.section_words(heading="A part")])
    address = reverse("content:preview", args=[draft.article.slug, draft.number])
    answers = {}
    for group in ("", "Triage", "Editors"):
        client.logout()
        if group:
            login(client, group)
        answers[group] = client.get(address)

    shown = answers["Editors"].content.decode()
    assert [response.status_code for response in answers.values()] == [404, 404, 200]
    assert ["Not said yet." in shown, "A part" in shown, "nobody yet" in shown] == [True] * 3
    assert '<meta name="robots" content="noindex' in shown
    assert "no-store" in answers["Editors"].headers["Cache-Control"]
    assert "Not said yet." not in answers["Triage"].content.decode()


def test_account_of_a_byline_is_given_by_those_who_give_accounts(client: Client) -> None:
    person, user = factories.make_contributor(), login(client, "Editors")
    model = type(person)
    address = page(model, "change", person.pk)

    client.post(address, form_of(client.get(address)) | {"account": user.pk})

    person.refresh_from_db()
    assert person.account is None


def test_form_saved_over_another_s_words_is_refused_and_keeps_what_was_typed(client: Client) -> None:
    draft, colleague = factories.make_draft(), factories.make_staff("Editors")
    login(client, "Editors")
    data = form_of(client.get(page(Revision, "change", draft.pk)))
    verbs.save(draft, seen=1, by=colleague, now=timezone.now(), words={"title": "Theirs"})

    response = client.post(page(Revision, "change", draft.pk), data | {"title": "Mine"})

    draft.refresh_from_db()
    text = response.content.decode()
    assert (response.status_code, draft.title) == (200, "Theirs")
    assert ["saved this draft meanwhile" in text, 'value="Mine"' in text] == [True, True]
