"""An editor's browser is lost in the middle of a draft: what was typed is offered, taken, put in order and saved."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from consultations.groups import EDITORS
from content.models import UnsavedWords
from tests.browser.conftest import DESK
from tests.factories import make_draft, make_section, make_staff

pytestmark = pytest.mark.alike


def test_words_survive_the_tab_and_sections_move(visitor: Page, site: str) -> None:
    editor, draft = make_staff(EDITORS), make_draft(title="Saved")
    for heading in ("First", "Second"):
        make_section(draft, heading=heading)
    address = f"{site}{reverse('admin:content_revision_change', args=[draft.pk])}"
    visitor.set_viewport_size(DESK)
    visitor.goto(address)
    visitor.locator("input[name=username]").fill(editor.username)
    visitor.locator("input[name=password]").fill("correct horse")
    visitor.keyboard.press("Enter")
    words = visitor.locator(".field-lead .ProseMirror").last
    words.click()
    visitor.keyboard.type("Typed. ")

    # What a tab is told before it goes; nobody could wait for the answer once it is gone.
    with visitor.expect_response(lambda answer: answer.url.endswith("/keep/")):
        visitor.evaluate("window.dispatchEvent(new Event('pagehide'))")
    visitor.goto(address)
    visitor.get_by_role("link", name="Look at my unsaved words").click()
    expect(words).to_contain_text("Typed.")
    visitor.get_by_role("button", name="Down: First").press("Enter")
    expect(visitor.get_by_role("button", name="Up: First")).to_be_focused()
    visitor.get_by_role("button", name="Save and continue editing").click()
    expect(visitor.get_by_role("heading", name="Your unsaved words are in the form")).to_have_count(0)

    draft.refresh_from_db()
    assert ("Typed." in draft.lead, UnsavedWords.objects.count()) == (True, 0)
    assert list(draft.sections.values_list("heading", flat=True)) == ["Second", "First"]
