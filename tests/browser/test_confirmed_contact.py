"""Request, booking and confirmation as visitors go through them, with and without scripts, cookies and an email address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserType, Page, expect

from consultations.mail import delivery
from consultations.models import Appointment, ConsultationRequest
from consultations.statuses import AppointmentStatus
from tests.booking_factories import make_appointment_type, make_consultant
from tests.browser.conftest import PHONE
from tests.browser.inspection import problems
from tests.factories import make_center

NO_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture(autouse=True)
def _free_times(site: str) -> None:
    make_consultant(make_center(name="Fern Boston", slug="fern-boston", phone="+12025550177"), public_name="Ana")
    # From tomorrow on: a time of today may be too near to be changed.
    make_appointment_type(slug="first-talk", name="First talk", notice_minutes=24 * 60)


@pytest.fixture
def bare(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> Iterator[Page]:
    """A page in a browser that runs no scripts and keeps no cookies."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps(NO_COOKIES))
    context = browser_type.launch_persistent_context(
        tmp_path, **browser_type_launch_args, java_script_enabled=False, viewport=PHONE, locale="en-US"
    )
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def ask(page: Page, site: str, label: str, contact: str) -> ConsultationRequest:
    """Send the form for the center that has free times."""
    page.goto(f"{site}/consultation/")
    page.get_by_label("Full name").fill("Ada Visitor")
    page.get_by_label(label).fill(contact)
    page.locator("select[name=center]").select_option(label="Fern Boston")
    page.get_by_role("button", name="Send my request").click()
    expect(page).to_have_url(re.compile(r"/consultation/r/[\w-]{48}/"))
    return ConsultationRequest.objects.get()


def book(page: Page) -> None:
    """Take the first free time that the private page leads to."""
    page.get_by_role("link", name="Choose a time").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book this time").click()


def mailed_link(site: str) -> str:
    """Return the confirmation link of the newest mail, at the address where the test's site is."""
    delivery.deliver_due(now=timezone.now())
    found = [re.search(r"/consultation/confirm/\S+", str(letter.body)) for letter in mail.outbox]
    return site + [link for link in found if link][-1].group()


def status_of(request: ConsultationRequest) -> str:
    return request.appointments.get().status


def test_visitor_without_scripts_and_cookies_confirms_their_booking(bare: Page, site: str) -> None:
    request = ask(bare, site, "Email address", "ada@visitor.example")
    book(bare)
    expect(bare.get_by_role("heading", level=1)).to_have_text("Your time waits for you to confirm it")
    before = status_of(request)

    bare.goto(mailed_link(site))
    expect(bare.get_by_role("main")).to_contain_text("ada@visitor.example")
    opened = status_of(request)
    bare.get_by_role("button", name="Confirm address and appointment").click()

    expect(bare.get_by_role("status")).to_have_text("Your appointment is booked.")
    assert (before, opened, status_of(request)) == ("unconfirmed", "unconfirmed", "confirmed")


def test_visitor_with_a_phone_only_is_told_that_staff_call(bare: Page, site: str) -> None:
    request = ask(bare, site, "Phone number", "(617) 555-0123")
    book(bare)

    page = bare.get_by_role("main")
    expect(page).to_contain_text("we call you and confirm it with you")
    expect(page).not_to_contain_text("email we")
    delivery.deliver_due(now=timezone.now())
    assert status_of(request) == AppointmentStatus.UNCONFIRMED
    assert [letter.to for letter in mail.outbox if "Ada" in str(letter.body)] == []


@pytest.mark.alike
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_until_confirmed_is_for_everybody(visitor: Page, site: str, scheme: str) -> None:
    visitor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    request = ask(visitor, site, "Email address", "ada@visitor.example")
    book(visitor)
    expect(visitor.get_by_role("status")).to_contain_text("kept for you")
    found = problems(visitor)

    # A link to a page of one's own that is there no more, and the one for a time that nobody confirmed
    visitor.goto(f"{site}/consultation/r/{'x' * 48}/")
    found += problems(visitor)
    link = mailed_link(site)
    visitor.goto(link)
    found += problems(visitor)
    Appointment.objects.update(hold_expires_at=timezone.now())
    visitor.goto(site + request.get_private_url())
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your time was not confirmed")
    found += problems(visitor)

    # The address is still to be confirmed
    visitor.goto(link)
    visitor.get_by_role("button", name="This was not me").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    found += problems(visitor)

    assert found == []
