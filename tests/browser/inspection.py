"""What is wrong with a page as the browser shows it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# When it preloads, axe asks for imported style sheets below the address of the page; at the log-in such addresses lead to
# pages that write the session which the next page ends.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],
}
# In the dark a page has other colours and is otherwise the same.
COLOURS = {**AXE, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def problems(page: Page) -> list[str]:
    """Return what the policy, axe and the page's width say is wrong with the page as it is now."""
    # A click returns before the style sheets of the next page are there.
    page.wait_for_load_state("load")
    found = [f"policy refused {what}" for what in page.evaluate("window.refused.splice(0)")]
    found += [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in Axe().run(page, options=COLOURS if is_dark(page) else AXE).response["violations"]
        for node in rule["nodes"]
    ]
    return [f"{page.url} ({page.viewport_size}): {problem}" for problem in found] + too_wide(page)


def too_wide(page: Page) -> list[str]:
    """Return a sentence when the page is wider than the screen it is on."""
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return [f"{page.url} ({page.viewport_size}): the page scrolls sideways"]
    return []


def is_dark(page: Page) -> bool:
    """Return whether the page is shown to somebody who prefers dark colours."""
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


def press_until(page: Page, key: str, focused: str) -> None:
    """Press a key until something with this CSS selector has the focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return
    raise AssertionError(f"{focused} cannot be reached by {key}")
