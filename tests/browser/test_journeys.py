"""What only a browser can know: the whole path from reading to the desk, by keyboard, without JavaScript, for everyone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
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
    """Return what axe, the policy and the page's width say is wrong with the page as it is now."""
    found = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in Axe().run(page, options=AXE).response["violations"]
        for node in rule["nodes"]
    ]
    found += [f"policy refused {what}" for what in page.evaluate("window.refused")]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("the page scrolls sideways")
    return [f"{page.url} ({page.viewport_size}): {problem}" for problem in found]


def test_reader_compares_asks_and_is_answered_by_staff(visitor: Page, site: str, browser: Browser) -> None:
    # Given somebody who reads the article on a phone
    visitor.goto(f"{site}/articles/exosomes-vs-prp/")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.locator("article table tbody tr")).to_have_count(8)

    # When they compare the two therapies, and ask
    visitor.goto(f"{site}/compare/")
    visitor.get_by_role("checkbox", name=re.compile("^Exosome")).check()
    visitor.get_by_role("checkbox", name=re.compile("^Platelet")).check()
    visitor.locator("main form button").click()
    expect(visitor).to_have_url(f"{site}/compare/exosomes-vs-prp/")
    visitor.get_by_role("main").get_by_role("link", name="Ask for a free consultation").click()
    visitor.get_by_label("Full name").fill("Ada Visitor")
    visitor.get_by_label("Email address").fill("ada@visitor.example")
    visitor.get_by_role("main").locator("button[type=submit]").click()

    # Then they are told what happens next, on a page of their own
    expect(visitor).to_have_url(re.compile(r"/consultation/r/[\w-]{48}/"))
    request = ConsultationRequest.objects.get()
    expect(visitor.get_by_role("main")).to_contain_text(request.reference)

    # And staff see the request and move it
    make_staff(groups.TRIAGE, first_name="Jordan", last_name="Hale")
    desk = browser.new_context(viewport=DESK).new_page()
    desk.goto(f"{site}/admin/consultations/consultationrequest/")
    desk.get_by_label("Username").fill(triage_user())
    desk.get_by_label("Password").fill("correct horse")
    desk.get_by_role("button", name="Log in").click()
    desk.get_by_role("link", name=request.reference).click()
    desk.get_by_role("button", name=Status.REACHED.label).click()
    expect(desk.get_by_role("main").or_(desk.locator("#content"))).to_contain_text(Status.REACHED.label)
    request.refresh_from_db()
    assert request.status == Status.REACHED
    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("We are in touch with you.")
