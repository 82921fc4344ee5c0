"""Words that are kept while somebody writes: beside the draft, for them alone, offered after a crash, never over others'."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from content.models import Revision, UnsavedWords
from content.publishing import verbs
from tests import factories
from tests.content.admin.screens import form_of, login, page
from tests.desk import told
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clinic")
OTHERS = "Not kept: other words that you typed and did not save are kept already. Save these; the others stay on offer."


def typed(client: Client, draft: Revision, **fields: Any) -> dict[str, Any]:
    """Return what the form of a draft holds after somebody typed into it."""
    return form_of(client.get(page(Revision, "change", draft.pk))) | fields


def keep(client: Client, draft: Revision, data: dict[str, Any]) -> Any:
    """Send what static/js/autosave.js sends."""
    return client.post(page(Revision, "keep", draft.pk), data | {"csrfmiddlewaretoken": "x"})


@time_machine.travel(NOW, tick=False)
def test_words_are_kept_beside_the_draft(client: Client) -> None:
    draft = factories.make_draft(title="Saved")
    editor = login(client, "Editors")
    data = typed(client, draft, title="Typed")

    first = keep(client, draft, data).json()
    second = keep(client, draft, data | {"title": "Typed on", "kept": first["kept"]}).json()

    said = "Kept at 07:00, New York time. Readers and colleagues see it once you save."
    assert [first, second] == [{"said": said, "kept": 1}, {"said": said, "kept": 2}]
    kept = UnsavedWords.objects.get()
    assert (kept.by, kept.kept_at, "title=Typed+on" in kept.form, "csrf" in kept.form) == (editor, NOW, True, False)
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.events.count()) == ("Saved", 1, 1)


def test_kept_words_are_offered_taken_and_gone_once_they_are_saved(client: Client) -> None:
    draft = factories.make_draft(title="Saved", sections=[factories.section_words(heading="Old", anchor="old")])
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    added = {"sections-TOTAL_FORMS": 2, "sections-1-heading": "Added", "sections-1-anchor": "added"}
    keep(client, draft, typed(client, draft, title="Typed", **{"sections-0-heading": "New"}) | added)

    offer = client.get(address)
    assert "You have words that you did not save" in offer.content.decode()
    assert form_of(offer)["title"] == "Saved"

    taken = client.get(f"{address}?unsaved=1")
    data = form_of(taken)
    assert "Your unsaved words are in the form" in taken.content.decode()
    assert [data[name] for name in ("title", "sections-0-heading", "sections-1-heading", "kept")] == [
        "Typed", "New", "Added", "1",
    ]  # fmt: skip
    draft.refresh_from_db()
    assert (draft.title, taken.context["errors"]) == ("Saved", [])

    assert client.post(address, data).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, list(draft.sections.values_list("heading", flat=True))) == ("Typed", ["New", "Added"])
    assert UnsavedWords.objects.count() == 0


def test_saving_leaves_words_that_were_not_taken_on_offer(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    keep(client, draft, typed(client, draft, title="Before the crash"))

    refused = keep(client, draft, typed(client, draft, title="After it"))
    client.post(page(Revision, "change", draft.pk), typed(client, draft, title="After it"))

    assert (refused.status_code, refused.json()) == (409, {"said": OTHERS})
    assert "title=Before+the+crash" in UnsavedWords.objects.get().form


def test_second_window_does_not_write_over_the_first(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    data = typed(client, draft)
    keep(client, draft, data | {"title": "One"})
    keep(client, draft, data | {"title": "One more", "kept": 1})

    answers = [keep(client, draft, data | {"title": "Other", "kept": number}).status_code for number in (0, 1, 3)]

    assert (answers, "title=One+more" in UnsavedWords.objects.get().form) == ([409, 409, 409], True)


def test_colleague_who_saved_meanwhile_keeps_what_they_saved(client: Client) -> None:
    other = factories.make_staff("Editors", first_name="Ada", last_name="First")
    draft = factories.make_draft(title="Began")
    login(client, "Editors")
    data = typed(client, draft, title="Typed")
    verbs.save(draft, seen=1, by=other, now=timezone.now(), words={"title": "Saved by her"})

    said = keep(client, draft, data).json()["said"]
    taken = client.get(f"{page(Revision, 'change', draft.pk)}?unsaved=1")

    draft.refresh_from_db()
    assert (draft.title, f"{other} saved this draft meanwhile." in said) == ("Saved by her", True)
    assert ["Two texts of this draft" in taken.content.decode(), form_of(taken)["title"]] == [True, "Typed"]


def test_words_for_what_is_no_draft_any_more_can_still_be_read(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    data = typed(client, draft, title="Typed by me")
    verbs.submit(draft, seen=1, by=factories.make_staff("Editors"), now=NOW)

    said = keep(client, draft, data).json()["said"]
    shown = client.get(f"{page(Revision, 'change', draft.pk)}?unsaved=1")

    assert "This revision is no draft any more" in said
    assert (shown.status_code, "readonly>Typed by me</textarea>" in shown.content.decode()) == (409, True)


def test_who_is_no_editor_any_more_reads_neither_their_words_nor_what_was_saved(client: Client) -> None:
    draft = factories.make_draft(title="Not public yet")
    editor = login(client, "Editors")
    keep(client, draft, typed(client, draft, title="Typed by me"))
    verbs.submit(draft, seen=1, by=factories.make_staff("Editors"), now=NOW)
    editor.groups.clear()

    assert client.get(f"{page(Revision, 'change', draft.pk)}?unsaved=1").status_code == 403


def test_kept_words_are_nobody_elses(client: Client) -> None:
    draft = factories.make_draft(title="Saved")
    login(client, "Editors")
    keep(client, draft, typed(client, draft, title="Mine"))
    login(client, "Editors")

    theirs = client.get(f"{page(Revision, 'change', draft.pk)}?unsaved=1")
    thrown = client.post(page(Revision, "discard", draft.pk), {"kept": 1}, follow=True)

    assert [form_of(theirs)["title"], "did not save" in theirs.content.decode()] == ["Saved", False]
    assert (told(thrown), UnsavedWords.objects.count()) == (
        "These words are not kept any more, or you have changed them since.", 1,
    )  # fmt: skip


def test_kept_words_are_thrown_away_once(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    keep(client, draft, typed(client, draft))

    answers = [
        told(client.post(page(Revision, "discard", draft.pk), {"kept": kept}, follow=True)) for kept in (1, 1, "x")
    ]

    gone = "These words are not kept any more, or you have changed them since."
    assert answers == ["The words that you had not saved are thrown away.", gone, gone]
    assert UnsavedWords.objects.count() == 0


@pytest.mark.parametrize("name", ["keep", "discard"])
def test_addresses_are_for_editors_take_no_get_and_know_what_is_gone(client: Client, name: str) -> None:
    draft = factories.make_draft()
    address, nowhere = page(Revision, name, draft.pk), page(Revision, name, 999_999)
    outside = client.post(address, {"seen": 1, "kept": 0})
    login(client, "Medical reviewers")
    stranger = client.post(address, {"seen": 1, "kept": 0})
    login(client, "Editors")

    assert (outside.status_code, outside.headers["Location"].startswith("/admin/login/")) == (302, True)
    assert [stranger.status_code, client.get(address).status_code, client.post(nowhere, {"kept": 1}).status_code] == [
        403, 405, 404,
    ]  # fmt: skip
    assert UnsavedWords.objects.count() == 0


@pytest.mark.parametrize("data", [{}, {"seen": 1}, {"seen": "x", "kept": 0}, {"seen": 1, "kept": -1}])
def test_incomplete_form_is_not_kept(client: Client, data: dict[str, Any]) -> None:
    draft = factories.make_draft()
    login(client, "Editors")

    assert (keep(client, draft, data).status_code, UnsavedWords.objects.count()) == (422, 0)


def test_form_that_was_kept_in_pieces_is_shown_with_what_is_wrong(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    keep(client, draft, {"seen": 1, "kept": 0, "title": "\x00"})

    assert client.get(f"{page(Revision, 'change', draft.pk)}?unsaved=1").status_code == 200
