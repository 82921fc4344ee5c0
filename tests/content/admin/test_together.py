"""What several people do about a revision at the desk: compare, comment, pass on, and save the same draft."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from content.admin import conflicts
from content.models import Article, PreviewLink, ProposedChange, Revision, RevisionComment
from content.publishing import changes, commenting, verbs
from content.publishing.exceptions import ChangedMeanwhile
from tests import factories
from tests.change_factories import make_change
from tests.content.admin.screens import form_of, login, page
from tests.desk import told
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clinic")


def post(client: Client, revision: Revision, name: str, **data: Any) -> Any:
    """Press a button of a revision."""
    return client.post(page(Revision, name, revision.pk), data, follow=True)


def draft_of_public(editor: User) -> Revision:
    """Return a draft that says something else than what readers see."""
    public = factories.make_article(title="Old title", lead="<p>It helps.</p>")
    draft = verbs.start(public.article, by=editor, now=NOW)
    verbs.save(draft, seen=1, by=editor, now=NOW, words={"title": "New title", "lead": "<p>It may help.</p>"})
    return draft


def test_draft_is_compared_with_what_readers_see(client: Client) -> None:
    draft = draft_of_public(login(client, "Editors"))

    text = client.get(page(Revision, "compare", draft.pk)).content.decode()

    assert '<h2 id="compared">From revision 1 to revision 2</h2>' in text
    assert (
        '<del><span class="visually-hidden">struck: </span>Old<span class="visually-hidden"> (end)</span></del>' in text
    )
    assert (
        '<ins><span class="visually-hidden">added: </span>New<span class="visually-hidden"> (end)</span></ins>' in text
    )


def test_comparison_is_refused(client: Client) -> None:
    draft = draft_of_public(factories.make_staff("Editors"))
    address = page(Revision, "compare", draft.pk)
    login(client, "Triage")
    assert client.get(address).status_code == 403

    login(client, "Managers")
    asked = [client.get(f"{address}?with={other}").status_code for other in ("1", "9", "x", "٣", "2")]
    assert asked == [200, 404, 404, 404, 404]
    assert [client.post(address).status_code, client.get(page(Revision, "compare", 999)).status_code] == [405, 404]


def test_link_is_made_shown_and_revoked(client: Client) -> None:
    login(client, "Editors")
    draft = factories.make_draft()

    made = post(client, draft, "share", days=1)
    link = PreviewLink.objects.get()
    shown = f"http://localhost:8000/preview/{link.link_id}"
    assert (told(made), shown in made.content.decode()) == ("Here is the link.", True)

    revoked = post(client, draft, "revoke", link=link.pk)
    assert (told(revoked), shown in revoked.content.decode()) == ("The link is closed.", False)
    assert told(post(client, draft, "revoke", link=link.pk)) == "This link is closed already."
    assert post(client, factories.make_draft(), "revoke", link=link.pk).status_code == 404


@pytest.mark.parametrize(("name", "data"), [("share", {"days": 7}), ("comment", {"words": "Hidden"})])
def test_buttons_are_not_for_strangers_and_take_no_get(client: Client, name: str, data: dict[str, Any]) -> None:
    draft = factories.make_draft()
    login(client, "Managers")
    refused = post(client, draft, name, **data).status_code
    login(client, "Editors")

    assert [refused, client.get(page(Revision, name, draft.pk)).status_code] == [403, 405]
    assert [PreviewLink.objects.count(), RevisionComment.objects.count()] == [0, 0]


def test_link_for_other_days_is_refused(client: Client) -> None:
    login(client, "Editors")

    assert "not complete" in told(post(client, factories.make_draft(), "share", days=365))
    assert PreviewLink.objects.count() == 0


def test_comment_is_written_and_resolved(client: Client) -> None:
    login(client, "Medical reviewers")
    draft = factories.make_draft(sections=[factories.section_words(heading="Risks", anchor="risks")])

    written = post(client, draft, "comment", anchor="risks", words="<b>Cite</b> this.")
    text = written.content.decode()
    assert ["Comments: 1 open" in text, "&lt;b&gt;Cite&lt;/b&gt; this." in text] == [True, True]

    comment = RevisionComment.objects.get()
    settled = post(client, draft, "settle", comment=comment.pk, resolved="on")
    assert ["Comments: 1 open" in settled.content.decode(), "Open again" in settled.content.decode()] == [False, True]
    assert "Comments: 1 open" in post(client, draft, "settle", comment=comment.pk).content.decode()


def test_comment_that_cannot_be_written_comes_back_as_typed(client: Client) -> None:
    login(client, "Editors")

    response = post(client, factories.make_article(), "comment", words="What I typed")

    assert (response.status_code, "What I typed" in response.content.decode()) == (422, True)
    assert response.context["form"].non_field_errors() == ["This revision is not being worked on any more."]


def test_second_of_two_savers_sees_both_texts_and_saves_after(client: Client) -> None:
    other = factories.make_staff("Editors", first_name="Ada", last_name="First")
    draft = factories.make_draft(
        title="Began", sections=[factories.section_words(anchor="risks", body="<p>Old risk.</p>")]
    )
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address)) | {"title": "Typed by me", "sections-0-body": "<p>New risk.</p>"}
    verbs.save(draft, seen=1, by=other, now=timezone.now(), words={"title": "Saved by her"})

    refused = client.post(address, data)

    text = refused.content.decode()
    draft.refresh_from_db()
    assert (refused.status_code, draft.title, "Ada First saved this draft while you wrote" in text) == (
        200, "Saved by her", True,
    )  # fmt: skip
    assert [words in text for words in ("Saved", "by her", 'value="Typed by me"', "New risk.")] == [True] * 4
    again = form_of(refused)
    assert (again["seen"], again["title"]) == (2, "Typed by me")
    assert client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.sections.get().body) == ("Typed by me", "<p>New risk.</p>")


def test_section_that_was_removed_meanwhile_keeps_what_was_typed_into_it(client: Client) -> None:
    draft = factories.make_draft(sections=[factories.section_words(anchor="risks")])
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address)) | {"sections-0-body": "<p>Typed by me.</p>"}
    draft.sections.all().delete()
    verbs.save(draft, seen=1, by=factories.make_staff("Editors"), now=NOW, words={})

    refused = client.post(address, data)

    assert (refused.status_code, "Typed by me." in refused.content.decode()) == (200, True)


def test_words_typed_into_what_was_submitted_meanwhile_are_kept(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address)) | {"title": "Typed by me"}
    verbs.submit(draft, seen=1, by=factories.make_staff("Editors"), now=NOW)

    refused = client.post(address, data)

    draft.refresh_from_db()
    text = refused.content.decode()
    assert (refused.status_code, draft.title == "Typed by me") == (409, False)
    assert ["Nothing was saved" in text, "readonly>Typed by me</textarea>" in text] == [True, True]


def test_words_are_kept_where_somebody_is_quicker_by_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address)) | {"title": "Typed by me"}
    save, other = verbs.save, factories.make_staff("Editors")
    tries: list[int] = []

    def late(revision: Revision, **kwargs: Any) -> None:
        tries.append(1)
        raise ChangedMeanwhile("Too late.")

    def quicker() -> None:
        if tries:
            save(Revision.objects.get(pk=draft.pk), seen=1, by=other, now=NOW, words={"title": "Saved by her"})
            tries.clear()

    monkeypatch.setattr(verbs, "save", late)
    kept = conflicts.BothTexts._kept

    def look(*args: Any) -> Any:
        quicker()
        return kept(*args)

    monkeypatch.setattr(conflicts.BothTexts, "_kept", look)
    text = client.post(address, data).content.decode()

    assert ['value="Typed by me"' in text, "Two texts of this draft" in text] == [True, True]


@time_machine.travel(NOW, tick=False)
def test_desk_shows_what_waits_for_whom(client: Client) -> None:
    editor, (reviewer, _) = factories.make_staff("Editors"), factories.make_reviewer()
    waiting, sent_back = (factories.make_draft(title=title, edited_by=editor) for title in ("Waits", "Went back"))
    for draft in (waiting, sent_back):
        verbs.submit(draft, seen=1, by=editor, now=NOW)
    verbs.send_back(sent_back, seen=2, by=reviewer, now=NOW, words="Shorter.")
    factories.make_article(
        title="Late", reviewed_on=NOW.date().replace(year=2024), next_review_on=NOW.date().replace(year=2025)
    )
    factories.make_article(title="Tomorrow", published_at=NOW.replace(day=17))

    def lists(user: User) -> list[list[str]]:
        client.force_login(user)
        shown = client.get(page(Article, "desk")).context
        named = [[str(one) for one in shown["to_review"]]]
        return named + [[str(row[0]) for row in shown[name]] for name in ("mine", "overdue", "going_live")]

    assert lists(reviewer) == [["Waits"], [], ["Late"], ["Tomorrow"]]
    assert lists(editor) == [[], ["Went back", "Waits"], ["Late"], ["Tomorrow"]]
    text = client.get(page(Article, "desk")).content.decode()
    assert ["New York time, which is Tue 17 Nov 2026, 12:00 UTC" in text, "no longer asks readers" in text] == [
        True, True,
    ]  # fmt: skip
    assert "<b>1</b> sent back to me" in client.get("/admin/").content.decode()


@time_machine.travel(NOW, tick=False)
def test_desk_shows_changes_of_other_words_to_those_who_decide_and_to_their_authors(client: Client) -> None:
    editor, (reviewer, _) = factories.make_staff("Editors"), factories.make_reviewer()
    kept, back = (make_change(factories.make_therapy(), by=editor, summary="Other words.") for _ in range(2))
    changes.send_back(back, seen=back.version, by=reviewer, now=NOW, words="Which ones?")

    def lists(user: User) -> list[list[ProposedChange]]:
        client.force_login(user)
        shown = client.get(page(Article, "desk")).context
        return [list(shown["changes_to_review"]), list(shown["my_changes"])]

    assert lists(reviewer) == [[kept], []]
    assert "<b>1</b> to review" in client.get("/admin/").content.decode()
    assert lists(editor) == [[], [back, kept]]
    assert "<b>1</b> sent back to me" in client.get("/admin/").content.decode()


@time_machine.travel(NOW, tick=False)
def test_words_that_sent_a_draft_back_and_open_comments_stand_where_it_is_edited(client: Client) -> None:
    editor, (reviewer, _) = factories.make_staff("Editors"), factories.make_reviewer()
    draft = factories.make_draft(edited_by=editor)
    verbs.submit(draft, seen=1, by=editor, now=NOW)
    commenting.comment(draft, anchor="", words="Which trial?", by=reviewer, now=NOW)
    client.force_login(reviewer)
    approving = client.get(page(Revision, "approve", draft.pk)).content.decode()
    verbs.send_back(draft, seen=2, by=reviewer, now=NOW, words="Name the trial.")
    client.force_login(editor)
    head = client.get(page(Revision, "change", draft.pk)).content.decode().split('id="revision_form"')[0]

    assert ["1 open comment" in approving, "1 open comment" in head, "Name the trial." in head] == [True] * 3


def test_desk_is_not_for_triage(client: Client) -> None:
    factories.make_article(title="Late")
    login(client, "Triage")

    assert client.get(page(Article, "desk")).status_code == 403
    assert "Review desk" not in client.get("/admin/").content.decode()
    login(client, "Managers")
    assert [client.get(page(Article, "desk")).status_code, client.post(page(Article, "desk")).status_code] == [200, 405]
