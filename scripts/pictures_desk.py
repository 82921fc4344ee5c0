"""Takes the pictures of docs/desk.md from a running `make run` whose demo is fresh; needs Chromium.

    python -m scripts.pictures_desk http://localhost:8000

Each page is taken at 1366 and 390 pixels; what a day looks like is made by two of the demo's staff on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from playwright.sync_api import Page

from scripts import picturing
from scripts.picturing import LAPTOP, PHONE

DARK = {"front", "request"}
REQUESTS = "/admin/consultations/consultationrequest/"
PEOPLE = "/admin/consultations/person/"


def main() -> None:
    """Take all pictures of the site that is named."""
    site = sys.argv[1].rstrip("/")
    password = picturing.sample_password()
    with picturing.opened_browser() as browser:
        staff, manager = (picturing.log_in(browser, site, name, password) for name in ("triage", "manager"))
        for name, show in PAGES.items():
            show(manager, staff, site)
            take(manager, name)


def take(page: Page, name: str) -> None:
    """Keep what a page shows without scrolling, in both widths; in the dark as well for some."""
    for colors in ("light", "dark") if name in DARK else ("light",):
        picturing.color(page, colors)
        for size in (LAPTOP, PHONE):
            picturing.draw(page, f"desk-{name}", size, colors)
    picturing.color(page, "light")
    page.set_viewport_size(LAPTOP)


def at(path: str) -> Callable[[Page, Page, str], None]:
    """Return what opens one address."""
    return lambda manager, _, site: (manager.goto(f"{site}{path}"), None)[1]


def find(page: Page, site: str, words: str) -> None:
    """Open the request that a search finds."""
    page.goto(f"{site}{REQUESTS}?q={words}")
    page.locator("#result_list .field-visitor a").first.click()
    page.wait_for_load_state("load")


def request(manager: Page, _: Page, site: str) -> None:
    """Open a request with a story."""
    find(manager, site, "Mateusz")


def conflict(manager: Page, staff: Page, site: str) -> None:
    """Plan two next steps at once: the second is shown both."""
    for page in (manager, staff):
        find(page, site, "Kofi")
        page.get_by_text("Plan the next step", exact=True).click()
    for page, step in ((staff, "call"), (manager, "write")):
        page.locator("#step_step").select_option(step)
        page.get_by_role("button", name="Plan it").click()
        page.wait_for_load_state("load")
    manager.locator("section.conflict").scroll_into_view_if_needed()


def person(manager: Page, _: Page, site: str) -> None:
    """Open the page of a person whom we may know under two addresses."""
    manager.goto(f"{site}{PEOPLE}?q=Lucia")
    manager.locator("#result_list a").first.click()
    manager.wait_for_load_state("load")


def merge(manager: Page, _: Page, site: str) -> None:
    """Look at what merging two people would do."""
    person(manager, _, site)
    manager.get_by_role("link", name="Merge…").first.click()
    manager.wait_for_load_state("load")


def agenda(manager: Page, _: Page, site: str) -> None:
    """Open the agenda of the first center."""
    manager.goto(f"{site}/admin/consultations/agenda/")
    manager.locator("select[name=place]").select_option(index=2)
    manager.get_by_role("button", name="Show").click()
    # The day that was shown was that of the clinic's clock.
    manager.get_by_role("link", name="Today", exact=True).click()
    manager.wait_for_load_state("load")


PAGES = {
    "front": at("/admin/"),
    "inbox": at(f"{REQUESTS}?due=answer"),
    "request": request,
    "conflict": conflict,
    "person": person,
    "merge": merge,
    "agenda": agenda,
    "numbers": at("/admin/consultations/numbers/"),
}

if __name__ == "__main__":
    main()
