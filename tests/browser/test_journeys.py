"""What only a browser can know: the whole path from reading to the desk, by keyboard, without JavaScript, for everyone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consultations import groups
from consultations.models import ConsultationRequest
from consultations.statuses import Status
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_request, make_staff

# Each template once.
PAGES = [
    "/",
    "/articles/",
    "/articles/exosomes-vs-prp/",
    "/therapies/",
    "/therapies/prp/",
    "/compare/",
    "/compare/?therapy=prp",
    "/compare/exosomes-vs-hyaluronic-acid-vs-prp-vs-standard-care/",
    "/centers/",
    "/centers/seattle/",
    "/faq/",
    "/contact/",
    "/privacy/",
    "/consultation/",
    "/no/such/page/",
]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def problems(page: Page) -> list[str]:
    """Return what the policy, axe and the page's width say is wrong with the page as it is now."""
    # Asked first: axe itself tries a style sheet of its own, which the policy refuses.
    found = [f"policy refused {what}" for what in page.evaluate("window.refused.splice(0)")]
    found += [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in Axe().run(page, options=AXE).response["violations"]
        for node in rule["nodes"]
    ]
    page.evaluate("window.refused.splice(0)")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("the page scrolls sideways")
    return [f"{page.url} ({page.viewport_size}): {problem}" for problem in found]


def ask(page: Page, site: str) -> ConsultationRequest:
    """Fill in the form the way somebody in a hurry does, send it, and return what arrived."""
    page.goto(f"{site}/consultation/")
    page.get_by_label("Full name").fill("Ada Visitor")
    page.get_by_label("Email address").fill("ada@visitor.example")
    page.get_by_role("button", name="Send my request").click()
    expect(page).to_have_url(re.compile(r"/consultation/r/[\w-]{48}/"))
    return ConsultationRequest.objects.get()


def test_reader_compares_asks_and_is_answered_by_staff(visitor: Page, site: str, browser: Browser) -> None:
    # Given somebody who reads the article on a phone
    visitor.goto(f"{site}/articles/exosomes-vs-prp/")
    expect(visitor.locator("article table tbody tr")).to_have_count(8)

    # When they compare the two therapies, and ask
    visitor.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    visitor.locator("input[value=exosomes]").check()
    visitor.locator("input[value=prp]").check()
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor).to_have_url(f"{site}/compare/exosomes-vs-prp/")
    visitor.get_by_role("link", name="Ask for a free consultation").click()
    expect(visitor).to_have_url(re.compile("/consultation/"))
    request = ask(visitor, site)

    # Then they are told what happens next, on a page of their own
    expect(visitor.get_by_role("main")).to_contain_text(request.reference)
    expect(visitor.get_by_role("main")).to_contain_text("What happens next")

    # And staff see the request and move it
    staff = make_staff(groups.TRIAGE, first_name="Jordan", last_name="Hale")
    desk = browser.new_context(viewport=DESK).new_page()
    desk.goto(f"{site}/admin/consultations/consultationrequest/")
    desk.locator("input[name=username]").fill(staff.username)
    desk.locator("input[name=password]").fill("correct horse")
    desk.locator("input[name=password]").press("Enter")
    desk.get_by_role("link", name=request.reference).click()
    desk.get_by_role("button", name=Status.REACHED.label, exact=True).click()
    expect(desk.locator("#content")).to_contain_text("Jordan Hale")
    request.refresh_from_db()
    assert request.status == Status.REACHED
    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("We are in touch with you.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_page(visitor: Page, site: str, scheme: str) -> None:
    visitor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []

    for path in [*PAGES, make_request().get_private_url()]:
        visitor.goto(site + path)
        for size in (PHONE, DESK):
            visitor.set_viewport_size(size)
            found += problems(visitor)

    assert found == []


def test_nothing_scrolls_sideways_on_the_smallest_screen(visitor: Page, site: str) -> None:
    visitor.set_viewport_size({"width": 320, "height": 640})
    wide = []

    for path in PAGES:
        visitor.goto(site + path)
        if visitor.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)

    assert wide == []


def test_form_with_mistakes_leads_to_them_by_keyboard(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/consultation/")
    visitor.get_by_label("Full name").fill("Ada Visitor")
    visitor.get_by_role("button", name="Send my request").click()

    expect(visitor).to_have_title(re.compile("^Error: "))
    expect(visitor.locator(".error-summary")).to_be_focused()
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_label("Email address")).to_be_focused()
    expect(visitor.get_by_label("Full name")).to_have_value("Ada Visitor")
    assert problems(visitor) == []


def test_keyboard_skips_to_the_content(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/faq/")

    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    visitor.keyboard.press("Enter")

    expect(visitor.locator("#main")).to_be_focused()


def test_request_is_left_without_javascript(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()

    request = ask(page, site)

    expect(page.get_by_role("main")).to_contain_text(request.reference)
