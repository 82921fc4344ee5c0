"""The inbox on the clock of who reads it, and a form with the two boxes of choices."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from consultations.groups import MANAGERS, TRIAGE
from tests.booking_factories import make_consultant
from tests.browser.conftest import DESK
from tests.browser.inspection import problems
from tests.factories import make_center, make_request, make_staff

RECEIVED = dt.datetime(2026, 11, 27, 22, 30, tzinfo=dt.UTC)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("reader", "head", "told"),
    [
        ("Europe/Rome", "received (Rome)", "27 Nov 2026, 23:30 28 Nov 2026, 02:30 Dubai"),
        ("Asia/Dubai", "received (Dubai)", "28 Nov 2026, 02:30"),
        ("UTC", "received (UTC)", "27 Nov 2026, 22:30 28 Nov 2026, 02:30 Dubai"),
    ],
)
def test_list_says_when_something_came_in_on_the_readers_clock_and_the_centers(
    browser: Browser, site: str, reader: str, head: str, told: str
) -> None:
    make_request(center=make_center(time_zone="Asia/Dubai"), now=RECEIVED)
    staff = make_staff(TRIAGE)
    page = browser.new_context(timezone_id=reader, viewport=DESK).new_page()
    page.goto(f"{site}{reverse('admin:consultations_consultationrequest_changelist')}")
    page.locator("input[name=username]").fill(staff.username)
    page.locator("input[name=password]").fill("correct horse")
    page.keyboard.press("Enter")

    expect(page.locator("#result_list .column-received")).to_have_text(head, ignore_case=True)
    assert " ".join(page.locator("#result_list td.field-received").inner_text().split()) == told


@pytest.mark.usefixtures("site")
def test_form_of_a_consultant_has_no_trouble_for_axe(visitor: Page, site: str) -> None:
    consultant = make_consultant(make_center())
    staff = make_staff(MANAGERS)
    visitor.set_viewport_size(DESK)
    visitor.goto(f"{site}{reverse('admin:consultations_consultant_change', args=[consultant.pk])}")
    visitor.locator("input[name=username]").fill(staff.username)
    visitor.locator("input[name=password]").fill("correct horse")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Change consultant")
    expect(visitor.locator(".search-label-icon[role=img]")).to_have_count(2)

    assert problems(visitor) == []
