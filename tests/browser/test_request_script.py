"""What static/js/request.js adds to the request form, and that nothing needs it."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from consultations.models import ConsultationRequest, Message
from consultations.statuses import MessageKind
from tests.browser.conftest import PHONE
from tests.browser.inspection import problems

pytestmark = pytest.mark.alike

PRIVATE = re.compile(r"/consultation/r/[\w-]{48}/")
FILLED_IN = "We filled in what you typed before in this tab, but for your question and the time."
LOST = "The connection was lost"
# The script's own retries come after two seconds at the soonest: on a busy machine before a test has pressed the button.
NO_RETRIES = "const wait = setTimeout; window.setTimeout = (work, pause) => wait(work, pause < 2000 ? pause : 1e8);"


@pytest.fixture
def page(browser: Browser, site: str) -> Page:
    """A page in a fresh browser. Unlike `visitor`, its connections may fail: that is what is tested."""
    opened = browser.new_context(viewport=PHONE, locale="en-US").new_page()
    opened.set_default_timeout(15_000)
    # axe's helper asks for what the policy refused.
    opened.add_init_script("window.refused = []")
    return opened


def type_something(page: Page, site: str) -> None:
    """Fill in what somebody would not like to type twice."""
    page.goto(f"{site}/consultation/")
    page.get_by_label("Full name").fill("Ada Visitor")
    page.get_by_label("Email address").fill("ada@visitor.example")
    page.locator("input[name=contact_by][value=email]").check()
    page.get_by_label("A good time for you").fill("After my infusion")
    page.locator("input[name=therapies]").first.check()
    page.get_by_label("Anything you would like us to know?").fill("My left knee")
    page.locator("input[name=agree_health]").check()


def send(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name="Send my request").click()


def draft(page: Page) -> str | None:
    """Return what this tab keeps of the form."""
    kept: str | None = page.evaluate("sessionStorage.getItem('request-draft')")
    return kept


def lose_connection(page: Page, *, after_arrival: bool) -> list[str]:
    """Lose the next form on its way there, or the answer on its way back; return the list of what was sent since."""
    sent: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(route.request.post_data or "")
        if len(sent) > 1:
            route.continue_()
            return
        if after_arrival:
            # It arrives, but its answer does not.
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/consultation/", handle)
    return sent


def test_draft_is_kept_over_a_reload_of_the_tab(page: Page, site: str) -> None:
    type_something(page, site)

    page.reload()

    expect(page.get_by_role("status")).to_contain_text(FILLED_IN)
    expect(page.get_by_label("Full name")).to_have_value("Ada Visitor")
    expect(page.locator("input[name=contact_by][value=email]")).to_be_checked()
    assert problems(page) == []


def test_draft_holds_nothing_that_may_tell_of_somebodys_health_and_the_page_says_so(page: Page, site: str) -> None:
    type_something(page, site)

    kept = json.loads(draft(page) or "")
    page.reload()

    assert kept["answers"] == [
        ["name", "Ada Visitor"],
        ["email", "ada@visitor.example"],
        ["phone", ""],
        ["contact_by", "email"],
        ["center", ""],
    ]
    for name in ("Anything you would like us to know?", "A good time for you"):
        expect(page.get_by_label(name)).to_have_value("")
    expect(page.locator("input[name=therapies]:checked, input[name=agree_health]:checked")).to_have_count(0)
    expect(page.locator("#draft-note")).to_contain_text("Your message, the therapies and the time that suits you")


def test_draft_stays_in_its_tab(page: Page, site: str) -> None:
    type_something(page, site)

    other = page.context.new_page()
    other.goto(f"{site}/consultation/")

    expect(other.get_by_label("Full name")).to_have_value("")
    expect(other.get_by_text(FILLED_IN)).to_have_count(0)


def test_draft_can_be_thrown_away(page: Page, site: str) -> None:
    type_something(page, site)
    page.reload()

    page.get_by_role("button", name="Empty the form").click()

    expect(page.get_by_label("Full name")).to_have_value("")
    assert draft(page) is None


def test_draft_is_gone_after_the_request_was_sent(page: Page, site: str) -> None:
    type_something(page, site)

    send(page)

    expect(page).to_have_url(PRIVATE)
    assert draft(page) is None
    page.goto(f"{site}/consultation/")
    expect(page.get_by_label("Full name")).to_have_value("")
    assert ConsultationRequest.objects.get().message == "My left knee"


def test_draft_is_gone_after_a_mistake_was_mended_and_sent(page: Page, site: str) -> None:
    type_something(page, site)
    page.get_by_label("Email address").fill("ada@gmial.com")
    send(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Anything you would like us to know?")).to_have_value("My left knee")

    send(page)

    expect(page).to_have_url(PRIVATE)
    assert draft(page) is None
    assert ConsultationRequest.objects.get().email == "ada@gmial.com"


def test_draft_is_gone_where_the_browser_itself_sent_the_form(page: Page, site: str) -> None:
    type_something(page, site)
    answers = iter([503])

    def fail_once(route: Route) -> None:
        if route.request.method == "POST" and (status := next(answers, None)):
            route.fulfill(status=status, body="Not now")
        else:
            route.continue_()

    page.route("**/consultation/", fail_once)

    send(page)

    expect(page).to_have_url(PRIVATE)
    page.wait_for_load_state("load")
    assert draft(page) is None
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.parametrize("after_arrival", [False, True])
def test_lost_connection_is_told_and_the_form_sent_again_makes_one_request(
    page: Page,
    site: str,
    after_arrival: bool,  # noqa: FBT001  a case
) -> None:
    page.add_init_script(NO_RETRIES)
    type_something(page, site)
    sent = lose_connection(page, after_arrival=after_arrival)

    send(page)
    expect(page.get_by_role("status")).to_contain_text(LOST)
    stored = ConsultationRequest.objects.count()
    assert problems(page) == []
    page.get_by_role("button", name="Try again now").click()

    expect(page).to_have_url(PRIVATE)
    assert (stored, ConsultationRequest.objects.count()) == (int(after_arrival), 1)
    assert Message.objects.filter(kind=MessageKind.VISITOR_RECEIVED).count() == 1
    assert len({re.search("(?<=&key=)[^&]+", body)[0] for body in sent}) == 1  # type: ignore[index]


def test_lost_connection_is_tried_again_by_itself(page: Page, site: str) -> None:
    page.clock.install()
    type_something(page, site)
    sent = lose_connection(page, after_arrival=True)

    send(page)
    expect(page.get_by_role("status")).to_contain_text("We try again in 2 seconds.")
    page.clock.run_for(2_000)

    expect(page).to_have_url(PRIVATE)
    assert (len(sent), ConsultationRequest.objects.count()) == (2, 1)


def test_tab_reloaded_after_a_lost_answer_still_makes_one_request(page: Page, site: str) -> None:
    page.add_init_script(NO_RETRIES)
    type_something(page, site)
    lose_connection(page, after_arrival=True)
    send(page)
    expect(page.get_by_role("status")).to_contain_text(LOST)

    page.reload()
    expect(page.get_by_role("status")).to_contain_text(FILLED_IN)
    send(page)

    # What was not kept was not typed again, so the answers differ: the site has the first request and says so.
    expect(page.get_by_role("alert")).to_contain_text("You sent us a request before")
    assert ConsultationRequest.objects.count() == 1


def test_two_clicks_are_one_request(page: Page, site: str) -> None:
    type_something(page, site)

    page.get_by_role("button", name="Send my request").dblclick(no_wait_after=True)

    expect(page).to_have_url(PRIVATE)
    assert ConsultationRequest.objects.count() == 1


def test_form_works_where_storage_is_forbidden(page: Page, site: str) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
    )
    type_something(page, site)

    send(page)

    expect(page).to_have_url(PRIVATE)


def test_form_works_without_scripts_and_keeps_nothing_in_the_browser(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    type_something(page, site)
    page.get_by_label("Email address").fill("ada@gmial.com")
    send(page)
    expect(page.get_by_text("Did you mean @gmail.com?").first).to_be_visible()
    expect(page.get_by_label("Anything you would like us to know?")).to_have_value("My left knee")

    send(page)

    expect(page).to_have_url(PRIVATE)
    assert ConsultationRequest.objects.count() == 1
    assert [cookie["name"] for cookie in context.cookies()] == ["csrftoken"]
    assert [origin["localStorage"] for origin in context.storage_state()["origins"]] == []
