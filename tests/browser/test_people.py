"""The desk finds a person, merges a duplicate and looks at the numbers; every page is for everybody."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from consultations.groups import MANAGERS, TRIAGE
from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import problems, too_wide
from tests.factories import make_center, make_request, make_staff

pytestmark = pytest.mark.alike


@pytest.mark.usefixtures("site")
def test_person_is_found_merged_and_split_by_clicks(visitor: Page, site: str) -> None:
    center = make_center(name="Fern Boston")
    for number, mail in (("0187", "ada@visitor.example"), ("0188", "ada@work.example")):
        make_request(
            name="Ada Visitor", email=mail, phone=f"+1202555{number}", phone_e164=f"+1202555{number}", center=center
        )
    staff, wrong = make_staff(TRIAGE, MANAGERS), []
    visitor.set_viewport_size(DESK)
    visitor.goto(f"{site}{reverse('desk:numbers')}")
    visitor.locator("input[name=username]").fill(staff.username)
    visitor.locator("input[name=password]").fill("correct horse")
    visitor.keyboard.press("Enter")
    heading = visitor.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Numbers")
    wrong += problems(visitor)

    visitor.get_by_role("searchbox", name="Find a person").fill("0188")
    visitor.keyboard.press("Enter")
    expect(heading).to_contain_text("Ada Visitor")
    wrong += problems(visitor)
    visitor.get_by_role("link", name="Merge…").click()
    expect(heading).to_contain_text("Merge two people?")
    wrong += problems(visitor)
    visitor.get_by_label("How you know").fill("Ada said so on the phone")
    visitor.get_by_role("button", name="Merge them").click()

    rows = visitor.locator("section[aria-labelledby=requests] li")
    expect(rows).to_have_count(2)
    visitor.set_viewport_size(PHONE)
    wrong += too_wide(visitor)
    visitor.get_by_role("button", name="Undo this merge").click()
    expect(rows).to_have_count(1)
    assert wrong == []
