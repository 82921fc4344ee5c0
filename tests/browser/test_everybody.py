"""Every page is for everybody: axe finds nothing, the policy refuses nothing, nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import problems
from tests.factories import make_request

pytestmark = pytest.mark.alike

# Each template once.
PAGES = [
    "/",
    "/articles/",
    "/articles/exosomes-vs-prp/",
    "/therapies/",
    "/therapies/prp/",
    "/compare/",
    "/decide/",
    "/compare/?therapy=prp",
    "/compare/exosomes-vs-hyaluronic-acid-vs-prp-vs-standard-care/",
    "/centers/",
    "/centers/seattle/",
    "/faq/",
    "/glossary/",
    "/notices/",
    "/contact/",
    "/privacy/",
    "/accessibility/",
    "/search/?q=knee",
    "/consultation/",
    "/no/such/page/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_page(visitor: Page, site: str, scheme: str) -> None:
    visitor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []

    for path in [*PAGES, make_request().get_private_url()]:
        # In the dark only the colours are looked at, which no width changes.
        for size in (PHONE, DESK) if scheme == "light" else (PHONE,):
            visitor.set_viewport_size(size)
            visitor.goto(site + path)
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
