"""Booking as people do it: by keyboard, without JavaScript, on the smallest screen, in both themes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect

from consultations.booking import appointments
from consultations.models import AppointmentType, ConsultationRequest
from content.models import Center
from tests.booking_factories import make_appointment_type, make_consultant, visitor
from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import press_until, problems, too_wide
from tests.factories import make_center

SMALLEST: ViewportSize = {"width": 320, "height": 640}
NAMED = re.compile(r"^\w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d New York, UTC−0[45]:00")


@pytest.fixture
def center(site: str) -> Center:
    center = make_center(name="Fern Boston", slug="fern-boston", phone="+12025550177")
    make_consultant(center, public_name="Ana")
    # From tomorrow on: a time of today may be too near to be changed.
    make_appointment_type(slug="first-talk", name="First talk", notice_minutes=24 * 60)
    return center


@pytest.fixture
def request_(center: Center) -> ConsultationRequest:
    return visitor(1, center=center)


def test_whole_booking_by_keyboard_without_javascript(
    browser: Browser, site: str, request_: ConsultationRequest
) -> None:
    # Of the page's own scripts none arrives; the test itself needs one to ask where the focus is.
    page = browser.new_context(viewport=PHONE).new_page()
    page.route("**/*.js", lambda route: route.abort())

    # From the private page to the list
    page.goto(site + request_.get_private_url())
    press_until(page, "Tab", "#appointment a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()

    # To a time, and the one after it, and book
    press_until(page, "Tab", "input[name=start]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("input[name=start]").nth(1)).to_be_checked()
    press_until(page, "Tab", ".decide .button")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Your appointment is booked.")
    booked = request_.appointments.get()
    expect(page.locator("#appointment")).to_contain_text("(New York, UTC")

    # And move it to another one
    press_until(page, "Tab", "#appointment a[href$='/times/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Move your appointment")).to_be_visible()
    press_until(page, "Tab", "input[name=start]")
    # Past the second time, which is theirs.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", ".decide .button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your appointment is moved.")
    moved = request_.appointments.latest("pk")
    assert moved.starts_at > booked.starts_at

    # And cancel it again
    press_until(page, "Tab", "#appointment a[href$='/cancel/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cancel your appointment?")).to_be_visible()
    press_until(page, "Tab", "main form .button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your appointment is cancelled.")
    moved.refresh_from_db()
    assert moved.status == "cancelled"


def test_booking_works_with_scripts_switched_off(browser: Browser, site: str, request_: ConsultationRequest) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(site + request_.get_private_url())
    page.get_by_role("link", name="Choose a time").click()

    page.get_by_role("radio", name=NAMED).first.check()
    page.get_by_role("button", name="Book this time").click()

    expect(page.get_by_role("status")).to_contain_text("Your appointment is booked.")
    assert request_.appointments.get().status == "confirmed"


@pytest.mark.parametrize(("device", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Asia/Calcutta", "Asia/Kolkata")])
def test_a_zone_is_only_suggested_and_shown_when_asked_for(
    browser: Browser, site: str, request_: ConsultationRequest, device: str, zone: str
) -> None:
    page = browser.new_context(timezone_id=device, viewport=PHONE).new_page()
    page.goto(f"{site}{request_.get_private_url()}times/")
    place = zone.partition("/")[2]

    expect(page.get_by_label("Your own time zone")).to_have_value(zone)
    expect(page.get_by_text("Suggested by your device.")).to_be_visible()
    expect(page.get_by_role("radio").first).not_to_have_accessible_name(re.compile(place))
    page.get_by_role("button", name="Show times").click()
    expect(page.get_by_role("radio").first).to_have_accessible_name(re.compile(rf"New York, UTC−0\d:00 .*{place}"))
    expect(page.get_by_text("Suggested by your device.")).to_be_hidden()


def test_zone_that_is_not_on_offer_is_said(browser: Browser, site: str, request_: ConsultationRequest) -> None:
    page = browser.new_context(timezone_id="Etc/GMT+6", viewport=PHONE).new_page()
    page.goto(f"{site}{request_.get_private_url()}times/")

    expect(page.get_by_text("so times are on the clock in New York.")).to_be_visible()
    expect(page.get_by_label("Your own time zone")).to_have_value("")


def test_who_chooses_no_clock_is_shown_none(browser: Browser, site: str, request_: ConsultationRequest) -> None:
    page = browser.new_context(timezone_id="Asia/Tokyo", viewport=PHONE).new_page()
    page.goto(f"{site}{request_.get_private_url()}times/?zone=")

    expect(page.get_by_role("radio").first).not_to_have_accessible_name(re.compile("Tokyo"))
    expect(page).to_have_url(f"{site}{request_.get_private_url()}times/?zone=")


def test_what_has_the_focus_is_not_behind_the_buttons(visitor: Page, site: str, request_: ConsultationRequest) -> None:
    visitor.emulate_media(reduced_motion="reduce")
    visitor.goto(f"{site}{request_.get_private_url()}times/")
    visitor.get_by_role("radio").first.focus()
    hidden = []

    for _ in range(30):
        visitor.keyboard.press("ArrowDown")
        inside = "document.activeElement.getBoundingClientRect().bottom"
        if visitor.evaluate(f"{inside} > document.querySelector('.decide').getBoundingClientRect().top"):
            hidden.append(visitor.evaluate("document.activeElement.value"))

    assert hidden == []


@pytest.mark.alike
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_for_everybody(visitor: Page, site: str, request_: ConsultationRequest, scheme: str) -> None:
    visitor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    private = site + request_.get_private_url()
    found = look(visitor, f"{private}times/?zone=Asia/Kathmandu")
    found += look(visitor, f"{private}times/?visit=first-talk&center=nowhere&from=2020-01-01")
    found += look(visitor, f"{site}/consultation/soonest/?city=Springfield")

    # A time that somebody else is quicker to take
    visitor.goto(f"{private}times/?zone=Asia/Kathmandu")
    radio = visitor.get_by_role("radio").first
    radio.check()
    snatch(radio.get_attribute("value") or "", request_)
    visitor.get_by_role("button", name="Book this time").click()
    expect(visitor.locator(".error-summary")).to_be_focused()
    assert visitor.locator(".others button").count() >= 3
    found += look(visitor)

    # One that is held, then booked, moved and cancelled
    visitor.get_by_role("radio").first.check()
    visitor.get_by_role("button", name="Hold for 10 minutes").click()
    expect(visitor.get_by_role("heading", name="A time is held for you")).to_be_visible()
    found += look(visitor)
    visitor.get_by_role("button", name="Book the held time").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your appointment is booked.")
    found += look(visitor)
    visitor.get_by_role("link", name="Move it").click()
    visitor.wait_for_url("**/times/**")
    found += look(visitor)
    visitor.get_by_role("radio").nth(4).check()
    visitor.get_by_role("button", name="Move to this time").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your appointment is moved.")
    visitor.get_by_text("Earlier appointments").click()
    found += look(visitor)
    visitor.get_by_role("link", name="Cancel it").click()
    visitor.wait_for_url("**/cancel/")
    found += look(visitor)

    assert found == []


def look(page: Page, address: str = "") -> list[str]:
    """Return what is wrong with a page on a phone, at a desk and on the smallest screen."""
    if address:
        page.goto(address)
    found = problems(page)
    page.set_viewport_size(SMALLEST)
    found += too_wide(page)
    page.set_viewport_size(DESK)
    found += problems(page)
    page.set_viewport_size(PHONE)
    return found


def snatch(value: str, request: ConsultationRequest) -> None:
    """Book a time for somebody else."""
    visit = AppointmentType.objects.get(slug="first-talk")
    appointments.book(
        visitor(2), appointments.WantedSlot(visit, dt.datetime.fromisoformat(value), request.center), now=timezone.now()
    )
