"""`make pictures`: draws the pictures of docs/editing.md from a running sample site, so that they show what it looks like today.

Before: `make run`, with the same PORT. It works as the sample's editor and reviewer in a browser, and undoes what it wrote: a
draft is given up and a change withdrawn, which stay in their history as everything does.
"""

from __future__ import annotations

import os
import sys

from playwright.sync_api import Browser, Locator, Page

from scripts import picturing
from scripts.picturing import LAPTOP, PHONE

CLAIM = "Exosomes cure torn ligaments, guaranteed. "
ARTICLE, CARD = "Exosomes and PRP: what sets them apart", "/articles/prp-questions-and-answers/"


def main() -> int:
    """Draw them all into docs/images/; return 0."""
    site = f"http://localhost:{os.environ.get('PORT') or 8000}"
    password = picturing.sample_password()
    with picturing.opened_browser() as browser:
        editor, reviewer = (log_in(browser, site, name, password) for name in ("editor", "reviewer"))
        draw_public(browser, site)
        draw_desk(editor, reviewer, site)
    return 0


def log_in(browser: Browser, site: str, name: str, password: str) -> Page:
    """Return a page on which one of the sample's staff is at the desk."""
    page = picturing.log_in(browser, site, name, password)
    page.get_by_role("heading", name="Desk", exact=True).wait_for()
    return page


def draw_public(browser: Browser, site: str) -> None:
    """Draw what readers see of a care card and of the glossary."""
    page = picturing.new_page(browser, site)
    for name, path, anchor in (("care-card", CARD, "get-help"), ("glossary", "/glossary/", "exosome")):
        page.goto(path)
        draw(page, name, at=page.locator(f"#{anchor}"), phone=True)


def draw_desk(editor: Page, reviewer: Page, site: str) -> None:
    """Write a draft and a change as the editor, draw them as each sees them, and take both back."""
    address = draft_of(editor)
    words = editor.locator(".field-lead .ProseMirror").last
    words.press("Control+Home")
    editor.keyboard.type(CLAIM)
    editor.locator("ul.claims-now li").first.wait_for()
    draw(editor, "finding", at=editor.locator(".field-lead"))
    for _ in CLAIM:
        editor.keyboard.press("Backspace")
    editor.locator("#id_summary").fill(
        "PRP comes from your own blood; exosomes from donated cells. What that changes, and what to ask."
    )
    editor.get_by_role("button", name="Save and continue editing").click()
    change = changed_finding(editor)
    editor.goto(f"{address}../compare/")
    draw(editor, "comparison", phone=True)
    editor.goto(address)
    editor.get_by_role("button", name="Submit for review").click()
    reviewer.goto("/admin/content/article/desk/")
    draw(reviewer, "review-desk", phone=True)
    reviewer.goto(change)
    draw(reviewer, "proposed-change", phone=True)
    reviewer.get_by_role("button", name="Withdraw this change").click()
    editor.goto(f"{address}../withdraw/")
    editor.locator("#content button[type=submit]").click()


def draft_of(editor: Page) -> str:
    """Start a draft of an article, or open the one that is there; return its address."""
    editor.goto("/admin/content/article/")
    editor.get_by_role("link", name=ARTICLE).click()
    editor.get_by_role("heading", name="Draft", exact=True).wait_for()
    start = editor.get_by_role("button", name="Start a draft")
    (start if start.count() else editor.locator("section[aria-labelledby=draft] a")).click()
    editor.locator("#revision_form").wait_for()
    return editor.url


def changed_finding(editor: Page) -> str:
    """Propose another note for a finding; return the address of the change."""
    editor.goto("/admin/content/finding/?q=Usually+10+to+60")
    editor.locator("#result_list tbody th a").first.click()
    note = editor.locator("#id_note")
    note.fill(f"{note.input_value()} It takes about an hour.")
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("heading", name="What was done").wait_for()
    return editor.url


def draw(page: Page, name: str, *, at: Locator | None = None, phone: bool = False) -> None:
    """Draw what a page shows on a laptop, in light colors, and with `phone` on a phone in dark ones."""
    for size, colors in ((LAPTOP, "light"), (PHONE, "dark"))[: 2 if phone else 1]:
        page.set_viewport_size(size)
        picturing.color(page, colors)
        if phone:
            # Colors that fade from one scheme into the other would be drawn half-way.
            page.reload()
        if at is not None:
            at.evaluate("element => element.scrollIntoView()")
        picturing.draw(page, f"desk-{name}", size, colors)
    page.set_viewport_size(LAPTOP)
    picturing.color(page, "light")


if __name__ == "__main__":
    sys.exit(main())
