"""Takes the pictures of docs/desk.md from a running `make run` whose demo is fresh; needs Chromium.

    python -m scripts.pictures_desk http://localhost:8000

Each page is taken at 1366 and 390 pixels; what a day looks like is made by two of the demo's staff on the way.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

BASE_DIR = Path(__file__).resolve().parent.parent
IMAGES = BASE_DIR / "docs" / "images"
SIZES: tuple[ViewportSize, ...] = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
DARK = {"front", "request"}
REQUESTS = "/admin/consultations/consultationrequest/"
PEOPLE = "/admin/consultations/person/"
QUALITY = 60


def main() -> None:
    """Take all pictures of the site that is named."""
    site = sys.argv[1].rstrip("/")
    password = (BASE_DIR / "var" / "staff_password").read_text(encoding="utf-8").strip()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        staff, manager = (logged_in(browser, site, name, password) for name in ("triage", "manager"))
        for name, show in PAGES.items():
            show(manager, staff, site)
            take(manager, name)


def logged_in(browser: Browser, site: str, name: str, password: str) -> Page:
    """Return a page of one of the demo's staff."""
    page = browser.new_context(viewport=SIZES[0], locale="en-US").new_page()
    page.goto(f"{site}/admin/")
    page.locator("input[name=username], input[name=login]").first.fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/admin/")
    return page


def take(page: Page, name: str) -> None:
    """Keep what a page shows without scrolling, in both widths; in the dark as well for some."""
    for scheme in ("light", "dark") if name in DARK else ("light",):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for size in SIZES:
            page.set_viewport_size(size)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(IMAGES / f"desk-{name}-{size['width']}-{scheme}.jpg", quality=QUALITY, optimize=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SIZES[0])


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
