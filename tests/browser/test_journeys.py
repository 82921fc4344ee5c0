"""What only a browser can know: the whole path from reading to the desk, by keyboard and without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from consultations import groups
from consultations.models import ConsultationRequest
from consultations.statuses import Status
from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import press_until, problems
from tests.factories import make_staff


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
    desk.get_by_role("row").filter(has_text=request.reference).get_by_role("link", name=request.name).click()
    desk.get_by_role("button", name=Status.REACHED.label, exact=True).click()
    expect(desk.locator("#content")).to_contain_text("Jordan Hale")
    request.refresh_from_db()
    assert request.status == Status.REACHED
    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("We are in touch with you.")


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


def test_request_is_left_by_keyboard_alone(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/")
    press_until(visitor, "Tab", "main a[href^='/consultation/']")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", name="Ask for a free consultation")).to_be_visible()

    for field, words in {"name": "Ada Visitor", "email": "ada@visitor.example", "message": "My knee hurts."}.items():
        press_until(visitor, "Tab", f"[name={field}]")
        visitor.keyboard.type(words)
    press_until(visitor, "Tab", "[name=agree_health]")
    visitor.keyboard.press("Space")
    press_until(visitor, "Tab", "main form [type=submit]")
    visitor.keyboard.press("Enter")

    expect(visitor).to_have_url(re.compile(r"/consultation/r/[\w-]{48}/"))
    request = ConsultationRequest.objects.get()
    assert (request.name, request.email, request.message) == ("Ada Visitor", "ada@visitor.example", "My knee hurts.")


def test_request_is_left_without_javascript(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()

    request = ask(page, site)

    expect(page.get_by_role("main")).to_contain_text(request.reference)
