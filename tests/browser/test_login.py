"""Second factors as staff set them up and use them: by keyboard, with Chromium's virtual authenticator."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser.conftest import DESK
from tests.browser.inspection import problems
from tests.factories import make_staff
from tests.login import code_of

pytestmark = pytest.mark.alike


@pytest.fixture
def staff(visitor: Page, site: str, settings: Settings) -> Page:
    """Somebody who has a password only, at the log-in page; the browser has a security key that takes passkeys."""
    settings.STAFF_SECOND_FACTOR = "required"
    session = visitor.context.new_cdp_session(visitor)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visitor.set_viewport_size(DESK)
    return visitor


def fill(page: Page, name: str, text: str) -> None:
    """Type into a field and press Enter, as without a mouse."""
    page.locator(f"input[name={name}]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def press(page: Page, role: str, name: str) -> None:
    """Press a link or button by keyboard."""
    page.get_by_role(role, name=name, exact=True).first.focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def log_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/admin/")
    page.locator("input[name=username]").focus()
    page.keyboard.type(username)
    fill(page, "password", "correct horse")


def log_out(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/account/sessions/")
    press(page, "button", "Log out")
    heading(page, "Logged out")
    page.goto(f"{site}/admin/")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_second_factors_from_set_up_to_recovery(staff: Page, site: str) -> None:
    site = site.replace("127.0.0.1", "localhost")
    username = make_staff("Managers").username
    found: list[str] = []

    # An authenticator app
    staff.goto(f"{site}/admin/")
    found += problems(staff)
    log_in(staff, site, username)
    heading(staff, "Two-Factor Authentication")
    found += problems(staff)
    press(staff, "link", "Activate")
    heading(staff, "Confirm Access")
    found += problems(staff)
    fill(staff, "password", "correct horse")
    heading(staff, "Set up an authenticator app")
    found += problems(staff)
    assert staff.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    secret = staff.locator("#authenticator_secret").inner_text()
    fill(staff, "code", code_of(secret))
    heading(staff, "Recovery Codes")
    found += problems(staff)
    recovery = staff.locator("textarea").input_value().split()

    # A passkey
    staff.goto(f"{site}{reverse('mfa_add_webauthn')}")
    found += problems(staff)
    staff.get_by_label("Passwordless").focus()
    staff.keyboard.press("Space")
    press(staff, "button", "Add")
    heading(staff, "Two-Factor Authentication")
    for name in ("mfa_list_webauthn", "usersessions_list", "account_change_password", "admin:index"):
        staff.goto(f"{site}{reverse(name)}")
        found += problems(staff)

    # In with the passkey alone
    log_out(staff, site)
    press(staff, "button", "Log in with a passkey")
    heading(staff, "Desk")
    log_out(staff, site)

    # In with a recovery code, which works once
    log_in(staff, site, username)
    heading(staff, "Two-Factor Authentication")
    found += problems(staff)
    fill(staff, "code", recovery[0])
    heading(staff, "Desk")
    log_out(staff, site)
    log_in(staff, site, username)
    fill(staff, "code", recovery[0])
    expect(staff.get_by_text("Incorrect code.")).to_be_visible()
    found += problems(staff)

    # In with the app, by the code after the one that the set-up took
    fill(staff, "code", code_of(secret, steps_on=1))
    heading(staff, "Desk")
    assert found == []
