"""What all scripts that draw the guides' pictures share: the browser, the log-in, and how a page becomes a file in docs/images/."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

BASE_DIR = Path(__file__).resolve().parent.parent
IMAGES = BASE_DIR / "docs" / "images"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
QUALITY = 65


@contextlib.contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def new_page(browser: Browser, site: str) -> Page:
    """Return a page of a browser that nobody used before, on a laptop; addresses may begin with the path."""
    return browser.new_page(viewport=LAPTOP, base_url=site, locale="en-US", reduced_motion="reduce")


def log_in(browser: Browser, site: str, name: str, password: str) -> Page:
    """Return a page on which somebody has given name and password at the desk."""
    page = new_page(browser, site)
    page.goto("/admin/")
    page.locator("input[name=username], input[name=login]").first.fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def sample_password() -> str:
    """Return the password of the staff whom `make run` invents."""
    return (BASE_DIR / "var" / "staff_password").read_text(encoding="utf-8").strip()


def draw(page: Page, name: str, size: ViewportSize = LAPTOP, colors: str = "light") -> None:
    """Draw what a page shows without scrolling, in the colors it has now; these and the width become part of the file's name."""
    page.set_viewport_size(size)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = IMAGES / f"{name}-{size['width']}-{colors}.jpg"
    picture.save(path, quality=QUALITY, optimize=True)
    print(path.relative_to(BASE_DIR), flush=True)


def color(page: Page, colors: str) -> None:
    """Let a page be shown as on a device that is set to light or dark."""
    page.emulate_media(color_scheme="dark" if colors == "dark" else "light")
