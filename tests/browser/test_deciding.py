"""What only a browser can know of the decision aid and of the comparison: what shows, what is sent, and what paper gets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from content.models import Criterion, Finding, ProposedChange, Therapy
from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import problems
from tests.factories import make_staff

pytestmark = pytest.mark.alike

FOUR = "/compare/exosomes-vs-hyaluronic-acid-vs-prp-vs-standard-care/"


def test_answers_fill_the_sheet_and_are_sent_nowhere(visitor: Page, site: str) -> None:
    # Given somebody on the decision aid, with a keyboard alone
    visitor.goto(f"{site}/decide/")
    asked: list[str] = []
    # The page's icon comes when the browser likes.
    visitor.on("request", lambda request: None if "/static/" in request.url else asked.append(request.url))
    sheet = visitor.get_by_role("region", name="Your sheet")
    expect(sheet.get_by_text("appears here")).to_be_visible()
    expect(sheet.get_by_text("Standard care is one of your options")).to_be_visible()

    # When they answer two questions, and press Enter in one of them
    visitor.get_by_role("radio", name="Less pain").focus()
    visitor.keyboard.press("Space")
    visitor.keyboard.press("ArrowDown")
    visitor.get_by_role("radio", name="What it costs").focus()
    visitor.keyboard.press("Space")
    visitor.keyboard.press("Enter")

    # Then the sheet holds what belongs to these answers and no other, and nothing was sent or kept
    expect(sheet.get_by_text("Being able to do things is not the same")).to_be_visible()
    expect(sheet.get_by_text("Standard care is usually covered")).to_be_visible()
    expect(sheet.get_by_text("weighs most for you")).to_be_hidden()
    expect(sheet.get_by_text("appears here")).to_be_hidden()
    assert asked == []
    assert visitor.url == f"{site}/decide/"
    assert visitor.context.cookies() == []
    assert problems(visitor) == []

    # And paper gets the sheet alone
    visitor.emulate_media(media="print")
    expect(sheet.get_by_text("Standard care is usually covered")).to_be_visible()
    expect(visitor.get_by_role("radio", name="Less pain")).to_be_hidden()
    expect(visitor.get_by_role("button", name="Make a link")).to_be_hidden()


def test_sheet_goes_into_a_request_beside_what_was_typed_before(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/consultation/")
    visitor.get_by_label("Full name").fill("Ada Visitor")
    visitor.goto(f"{site}/decide/")
    visitor.get_by_role("radio", name="Less pain").check()

    visitor.get_by_role("button", name="Put my sheet into a request").click()

    message = visitor.get_by_label("Anything you would like us to know?")
    expect(message).to_have_value(re.compile("What would you most like to change\\? Less pain\n"))
    expect(visitor.get_by_label("Full name")).to_have_value("Ada Visitor")
    assert visitor.url == f"{site}/consultation/with-answers/"
    assert problems(visitor) == []


def test_visitor_makes_a_link_without_javascript(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{site}/decide/")
    page.get_by_role("radio", name="Less pain").check()

    page.get_by_role("button", name="Make a link with my answers").click()

    expect(page).to_have_url(f"{site}/decide/?goal=pain")
    expect(page.get_by_role("region", name="Your sheet").get_by_text("weighs most for you")).to_be_visible()
    page.get_by_role("link", name="Start again without answers").click()
    expect(page).to_have_url(f"{site}/decide/")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)


def test_comparison_folds_on_a_phone_and_is_whole_on_a_desk_and_on_paper(visitor: Page, site: str) -> None:
    last = visitor.get_by_role("table", name=re.compile("What to weigh")).get_by_text("Known risks")
    visitor.goto(site + FOUR)

    expect(last).to_be_hidden()
    visitor.get_by_text("What to weigh", exact=False).first.press("Enter")
    expect(last).to_be_visible()
    visitor.reload()
    visitor.emulate_media(media="print")
    expect(last).to_be_visible()
    visitor.emulate_media(media="screen")
    visitor.set_viewport_size(DESK)
    expect(last).to_be_visible()
    assert problems(visitor) == []


def test_editor_fills_a_row_and_a_column_by_keyboard(visitor: Page, site: str) -> None:
    # Given a therapy and a row of which nothing is known yet
    staff = make_staff("Editors")
    therapy = Therapy.objects.get(slug="prp")
    Finding.objects.filter(therapy=therapy, criterion__required=False).delete()
    criterion = Criterion.objects.create(slug="new", name="New row", group="What to weigh", position=999)
    visitor.set_viewport_size(DESK)
    visitor.goto(f"{site}/admin/content/finding/grid/")
    visitor.locator("input[name=username]").fill(staff.username)
    visitor.locator("input[name=password]").fill("correct horse")
    visitor.locator("input[name=password]").press("Enter")
    said = visitor.locator(".grid-said")

    # When the editor types one cell of the new row and fills the row, twice
    visitor.get_by_label("Exosomes: New row, value").fill("Not reported")
    visitor.get_by_role("button", name="Fill the empty cells of the row New row").press("Enter")
    expect(said).to_contain_text(
        "“Not reported” was written into 5 empty cells in the row New row. Nothing is saved yet."
    )
    visitor.get_by_role("button", name="Undo").press("Enter")
    expect(visitor.get_by_label("PRP: New row, value")).to_have_value("")
    visitor.get_by_role("button", name="Fill the empty cells of the row New row").press("Enter")

    # And the first cell of the column, whose risks are filled already
    visitor.get_by_label("PRP: Source, value").fill("Blood")
    visitor.get_by_role("button", name="Fill the empty cells of PRP downwards").press("Enter")
    expect(said).to_contain_text("“Blood” was written into 14 empty cells below in PRP.")
    visitor.get_by_role("button", name="Propose all changes").press("Enter")

    # Then exactly these wait for a reviewer, and nothing that is there is replaced
    expect(visitor.get_by_text("21 cells wait for a reviewer.", exact=False)).to_be_visible()
    new = [change.after for change in ProposedChange.objects.filter(kind="add")]
    assert {cell["value"] for cell in new if cell["criterion"] == criterion.pk} == {"Not reported"}
    required = set(Criterion.objects.filter(required=True).values_list("pk", flat=True))
    blood = [cell["criterion"] for cell in new if (cell["therapy"], cell["value"]) == (therapy.pk, "Blood")]
    assert (len(blood), required & set(blood), len(new)) == (15, set(), 21)
    assert problems(visitor) == []
