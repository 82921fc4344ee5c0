"""Words without a place to break make no page wider than the screen."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from consultations.models import ConsultationRequest
from tests.booking_factories import make_appointment, make_consultant
from tests.browser.conftest import DESK
from tests.factories import make_request, make_staff

pytestmark = pytest.mark.alike

NAME = "W" * 120
MAIL = f"{'w' * 60}@{'w' * 60}.{'w' * 60}.example"
ADDRESS = f"https://www.example.org/{'w' * 400}"
# How far the page reaches past the screen, or a list past its frame, and what reaches furthest.
TOO_WIDE = """() => {
  const page = document.documentElement, list = document.querySelector(".results") ?? page;
  const wide = Math.max(page.scrollWidth - innerWidth, list.scrollWidth - list.clientWidth);
  const past = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  return wide > 0 ? `${wide} px: ${past.slice(-4).map((one) => one.outerHTML.slice(0, 90) + one.getBoundingClientRect().right)}` : "";
}"""


@pytest.fixture
def request_with_long_words(site: str) -> ConsultationRequest:
    """A request whose every text is one word."""
    return make_request(name=NAME, email=MAIL, message=ADDRESS)


def too_wide(page: Page, address: str, *widths: int) -> list[str]:
    """Return at which widths the page can be moved sideways."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        if trouble := page.evaluate(TOO_WIDE):
            found.append(f"{address} at {width} px is too wide by {trouble}")
    return found


def test_visitors_pages_stay_as_wide_as_the_screen(
    visitor: Page, site: str, request_with_long_words: ConsultationRequest
) -> None:
    found = too_wide(visitor, site + request_with_long_words.get_private_url(), 320, 390, 1280)

    for width in (320, 390, 1280):
        visitor.set_viewport_size({"width": width, "height": 800})
        visitor.goto(f"{site}/consultation/")
        visitor.get_by_label("Full name").fill(NAME)
        visitor.get_by_label("Email address").fill(f"{MAIL}@")
        visitor.get_by_role("button", name="Send my request").click()
        visitor.locator("#error-summary-title").wait_for()
        if trouble := visitor.evaluate(TOO_WIDE):
            found.append(f"the refused form at {width} px is too wide by {trouble}")

    assert found == []


def test_pages_of_the_desk_stay_as_wide_as_the_screen(
    visitor: Page, site: str, request_with_long_words: ConsultationRequest
) -> None:
    staff = make_staff("Triage", first_name="W" * 100)
    make_appointment(request=request_with_long_words, consultant=make_consultant(public_name="W" * 60))
    visitor.set_viewport_size(DESK)
    visitor.goto(f"{site}{reverse('desk:agenda')}")
    visitor.locator("input[name=username]").fill(staff.username)
    visitor.locator("input[name=password]").fill("correct horse")
    visitor.locator("input[name=password]").press("Enter")
    visitor.wait_for_url("**/agenda/**")

    ConsultationRequest.objects.update(assignee=staff)
    lists = [reverse(f"admin:consultations_{name}_changelist") for name in ("appointment", "message", "person")]
    changelist = reverse("admin:consultations_consultationrequest_changelist")
    detail = reverse("admin:consultations_consultationrequest_change", args=[request_with_long_words.pk])
    pages = [changelist, *lists, detail, reverse("desk:agenda"), reverse("admin:index"), f"{changelist}?q={'w' * 200}"]

    assert [trouble for path in pages for trouble in too_wide(visitor, site + path, 390, 1280)] == []
