"""Draws the pictures of docs/operating.md, and writes what doctor and metrics say into it, from a site that nobody has set up yet.

    python -m scripts.pictures_operating

It starts one with an empty database and does what the guide says: the first account with its second factor, the clinic's own
words, a request for a consultation. Nothing of it is left.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page

from scripts import picturing
from scripts.faulting.databases import SQLite
from scripts.faulting.findings import wait_until
from scripts.faulting.site import MANAGE, Site, running
from scripts.processes import HOST, free_port

GUIDE = picturing.BASE_DIR / "docs" / "operating.md"
NAME, PASSWORD = "ada", secrets.token_urlsafe(16)
CODE_SECONDS = 30
CLINIC = {
    "name": "Linden Clinic",
    "short_name": "Linden",
    "tagline": "Joints and tendons, explained",
    "legal_name": "Linden Clinic LLC",
    "phone": "+1 212 555 0123",
    "email": "hello@linden.example",
    "address": "12 Linden Street, Springfield",
    "banner_text": "Questions? Call us",
    "hours_text": "Monday to Friday, 9 am to 6 pm",
    "consultation_text": "A call of twenty minutes with a physician, free of charge.",
    "response_promise": "within one business day",
    "hours": "Mo-Fr 09:00-18:00",
    "time_zone": "America/New_York",
    "disclaimer": "What you read here does not replace a visit to a physician.",
    "emergency_text": "In an emergency, call 911.",
}
VISITOR = {"name": "Grace Example", "email": "grace@visitor.example", "message": "My left knee hurts on stairs."}
# What of the metrics the guide shows: the table beside it tells when to raise an alarm.
SERIES = re.compile(r"^clinic_(mails_waiting|oldest_mail|overdue|worker_last|database_up)")


class NewSite(Site):
    """A site as it is after the installation: nobody is in it, and it asks for a second factor."""

    metrics_port = 0

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Return the environment of its processes."""
        own = {
            "STAFF_SECOND_FACTOR": "required",
            "EMAIL_URL": f"file://{self.folder}/mail",
            "COMPRESS_STATIC": "false",
            "METRICS_PORT": str(self.metrics_port),
            "BACKUP_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        return super().environment(mail_port) | own


def main() -> int:
    """Draw them all into docs/images/; return 0."""
    with tempfile.TemporaryDirectory(prefix="clinic-pictures-") as name:
        folder = Path(name)
        site = NewSite(SQLite(folder / "db.sqlite3"), folder)
        for command in (
            "migrate --no-input",
            "collectstatic --no-input",
            f"createsuperuser --no-input --username {NAME} --email {NAME}@linden.example",
        ):
            site.manage(*command.split(), "--verbosity", "0")
        with running(site), picturing.opened_browser() as browser:
            address = f"http://{HOST}:{site.port}"
            admin = picturing.log_in(browser, address, NAME, PASSWORD)
            set_up_second_factor(admin)
            fill_in_profile(admin)
            visitor = picturing.new_page(browser, address)
            ask(visitor)
            show_request(admin)
            write_block("doctor", said(site, "doctor"))
            site.metrics_port = free_port()
            site.start_worker(9)
            write_block("metrics", metrics(site.metrics_port))
    return 0


def set_up_second_factor(page: Page) -> None:
    """Set up an authenticator app, as whoever logs in first is led to."""
    page.get_by_role("link", name="Activate").click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    key = page.locator("#authenticator_secret").inner_text().strip()
    picturing.draw(page, "operating-second-factor")
    page.locator("input[name=code]").fill(code_of(key))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery Codes").wait_for()
    picturing.draw(page, "operating-recovery-codes")


def code_of(key: str) -> str:
    """Return what an authenticator app shows for a key now (RFC 6238)."""
    steps = int(time.time()) // CODE_SECONDS
    made = hmac.digest(base64.b32decode(key), steps.to_bytes(8), "sha1")
    start = made[-1] & 0xF
    return f"{(int.from_bytes(made[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def fill_in_profile(page: Page) -> None:
    """Write the clinic's own words and hours, then look at the home page."""
    page.goto("/admin/content/clinicprofile/add/")
    for name, words in CLINIC.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("textbox", name="About:").fill(
        "Linden Clinic is ten physicians who explain what is known, and what is not."
    )
    page.evaluate("scrollTo(0, 0)")
    picturing.draw(page, "operating-profile")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    page.goto("/")
    picturing.draw(page, "operating-home")


def ask(page: Page) -> None:
    """Leave a request as a visitor."""
    page.goto("/consultation/")
    for name, words in VISITOR.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_text("I agree that the clinic uses what I wrote").click()
    page.get_by_role("button", name="Send my request").click()
    page.wait_for_url("**/consultation/r/**")


def show_request(page: Page) -> None:
    """Look at the request at the desk."""
    page.goto("/admin/consultations/consultationrequest/")
    page.get_by_text(VISITOR["name"]).first.wait_for()
    picturing.draw(page, "operating-request")


def said(site: Site, command: str) -> str:
    """Return what a command says, whatever its exit code."""
    done = subprocess.run(
        [*MANAGE, command], cwd=picturing.BASE_DIR, env=site.environment(), capture_output=True, text=True, check=False
    )
    return done.stdout


def metrics(port: int) -> str:
    """Return what the worker answers Prometheus, once it has been through with its work."""
    found: list[str] = []

    def asked() -> bool:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/metrics") as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return False
        found[:] = [line for line in lines if SERIES.match(line)]
        return any(line.startswith("clinic_worker_last") and not line.endswith(" 0.0") for line in found)

    if not wait_until(asked, 60):
        sys.exit("The worker told no metrics.")
    return "\n".join(found)


def write_block(name: str, text: str) -> None:
    """Put text into the guide's block of that name."""
    pattern = re.compile(rf"(<!-- {name}: .*? -->\n```\n).*?(\n```)", re.DOTALL)
    guide = GUIDE.read_text(encoding="utf-8")
    if not pattern.search(guide):
        sys.exit(f"docs/operating.md has no block {name}.")
    GUIDE.write_text(pattern.sub(lambda found: found[1] + text.strip() + found[2], guide), encoding="utf-8")
    print(f"docs/operating.md: {name}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
