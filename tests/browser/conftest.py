"""Debian's Chromium, driven against the site on a real port."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.sample_site import load_sample_site

# Playwright's synchronous API keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A machine that runs two suites at once may take its time; a page that never comes still fails.
expect.set_options(timeout=15_000)

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
# Tells of everything that the policy refused; set before any script of the page could run.
WATCH_POLICY = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium; no other browser is downloaded."""
    return {
        "executable_path": shutil.which("chromium") or shutil.which("chromium-browser"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
    }


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    """Look at the site with a phone, in English."""
    return {"viewport": PHONE, "locale": "en-US"}


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The sample site on a real port; its address."""
    load_sample_site()
    return str(live_server.url)


def note_failure(troubles: list[str], request: Request) -> None:
    """Note a request that failed; one that the browser gave up for the next page did not."""
    if request.failure != "net::ERR_ABORTED":
        troubles.append(f"{request.url} {request.failure}")


@pytest.fixture
def visitor(context: BrowserContext, site: str) -> Iterator[Page]:
    """A page in a fresh browser; at the end, nothing may have been refused or have failed on it."""
    context.add_init_script(WATCH_POLICY)
    page = context.new_page()
    page.set_default_timeout(15_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: note_failure(troubles, request))
    page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(site) else None)
    yield page
    assert troubles == []
