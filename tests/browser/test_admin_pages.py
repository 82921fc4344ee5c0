"""Every page of the admin, by every kind of staff, in a browser: no console error, nothing that the policy refuses, no request that fails.

The resolver says which addresses there are, so a new page is walked as soon as it has one. A superuser walks each form for a row
and each page of its own, and of Django's plain kinds (list, form for a new row, history, delete) one of each app; the groups walk
what differs by group. `make pages` walks all of it with each.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from consultations.groups import GRANTS
from tests.admin_pages import Rows, make_rows, paths
from tests.browser.conftest import DESK, WATCH_POLICY, note_failure
from tests.factories import make_staff

pytestmark = pytest.mark.alike

EVERYTHING = os.environ.get("EVERY_PAGE") == "1"
PLAIN = ("changelist", "add", "history", "delete")
# What a GET may answer that is no page: a way on, a refusal, a button that wants a POST, or a file.
NO_PAGE = {HTTPStatus.FOUND, HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
# Only there while a second factor is set up or used; test_login.py walks these in a browser.
AT_THE_LOG_IN = {
    "mfa_qr_code",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}
# Where parts of a page are there for some groups only.
DAILY = {
    "index",
    "agenda",
    "content_article_desk",
    "content_revision_change",
    "content_therapy_change",
    "consultations_consultationrequest_changelist",
    "consultations_consultationrequest_change",
    "consultations_person_change",
}


@pytest.fixture
def rows(site: str) -> Rows:
    """A row of every model."""
    return make_rows()


@pytest.fixture
def desk(context: BrowserContext, rows: Rows) -> Page:
    """A page at a large screen that tells of what the policy refuses."""
    context.add_init_script(WATCH_POLICY)
    page = context.new_page()
    page.set_viewport_size(DESK)
    page.emulate_media(reduced_motion="reduce")
    page.set_default_timeout(20_000)
    return page


class Troubles:
    """What goes wrong on a page, as it tells of it."""

    def __init__(self, page: Page, site: str) -> None:
        self.found: list[str] = []
        self.page, self.site = page, site
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.found.append(f"error {error}"))
        page.on("requestfailed", lambda request: note_failure(self.found, request))
        page.on("response", self.note_response)

    def note_console(self, message: ConsoleMessage) -> None:
        """Note what the browser or a script complains of."""
        if message.type in {"error", "warning"}:
            self.found.append(f"console {message.text}")

    def note_response(self, response: Response) -> None:
        """Note an answer that is an error, and one that is not ours."""
        if response.status >= HTTPStatus.BAD_REQUEST or not response.url.startswith((self.site, "data:", "blob:")):
            self.found.append(f"{response.status} {response.url}")

    def on(self, path: str) -> list[str]:
        """Open a page, and return what went wrong."""
        self.found.clear()
        self.page.goto(self.site + path, wait_until="load")
        refused = [f"policy refused {what}" for what in self.page.evaluate("window.refused.splice(0)")]
        return [f"{path}: {what}" for what in [*self.found, *refused]]


def log_in(page: Page, site: str, user: User) -> Client:
    """Give the browser the session of a member of staff, and return a client with it."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return client


def walked(client: Client, rows: Rows, *, only: Collection[str] = ()) -> tuple[list[str], set[tuple[str, int]]]:
    """Ask the addresses what they answer.

    Args:
        only: names of addresses; all, where none is given.

    Returns:
        The paths of the pages to walk, and name and status of what is no page. Without EVERY_PAGE a plain kind of an app that has
        its page is asked no more.
    """
    pages: dict[object, str] = {}
    others: set[tuple[str, int]] = set()
    for address, path in paths(rows):
        kind = address.name.rpartition("_")[2]
        plain = address.model is not None and kind in PLAIN and not EVERYTHING
        key = (address.model._meta.app_label, kind) if plain and address.model else path
        if key in pages or (only and address.name not in only):
            continue
        answer = client.get(path)
        if answer.streaming:
            # Read to its end, a file is closed.
            b"".join(answer)
        elif answer.status_code != HTTPStatus.OK:
            others.add((address.name, answer.status_code))
        elif answer.headers["Content-Type"].startswith("text/html") and "Content-Disposition" not in answer.headers:
            pages[key] = path
    return list(pages.values()), others


def test_every_address_of_the_admin_is_a_page_without_an_error_or_known_to_be_none(
    desk: Page, site: str, rows: Rows
) -> None:
    client = log_in(desk, site, make_staff(is_superuser=True))
    troubles = Troubles(desk, site)

    pages, others = walked(client, rows)

    assert {name for name, status in others if status not in NO_PAGE} == AT_THE_LOG_IN
    assert len(pages) > (150 if EVERYTHING else 60)
    assert [what for path in pages for what in troubles.on(path)] == []


@pytest.mark.parametrize("group", GRANTS)
def test_no_page_of_a_group_has_an_error(desk: Page, site: str, rows: Rows, group: str) -> None:
    client = log_in(desk, site, make_staff(group))
    troubles = Troubles(desk, site)

    pages, _ = walked(client, rows, only=() if EVERYTHING else DAILY)

    assert len(pages) > 2
    assert [what for path in pages for what in troubles.on(path)] == []
