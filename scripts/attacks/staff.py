"""Attacks on staff accounts: other centers' people, guessed passwords, somebody else's tries used up."""

from __future__ import annotations

from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict
from scripts.browser import Answer, Browser

LOGIN = "/admin/login/"
PROGRAM = """
from django.contrib.auth.models import Group, User
from consultations import groups
user, _ = User.objects.get_or_create(username="limited", defaults={"is_staff": True})
user.set_password("limited-password-of-theirs-17")
user.save()
user.groups.set([Group.objects.get(name=groups.TRIAGE)])
"""
MOST_FROM_A_NETWORK = 40
PASSWORD = "limited-password-of-theirs-17"  # noqa: S105  of the site under attack


def form_of(browser: Browser) -> tuple[str, dict[str, str]]:
    """Follow redirects to the login form; return its path and hidden fields."""
    path = f"{LOGIN}?next=/admin/"
    page = browser.get(path)
    while page.status in {301, 302} and page.location:
        path = page.location
        page = browser.get(path)
    return path, page.hidden()


def log_in(browser: Browser, name: str, password: str) -> Answer:
    """Send the login form."""
    path, hidden = form_of(browser)
    return browser.post(path, hidden | {"username": name, "login": name, "password": password})


def foreign_centers(site: AttackedSite) -> Verdict:
    """Triage staff who were given no center open every request by its number, and erase one."""
    site.output_of("shell", "--command", PROGRAM)
    browser = Browser(site.port, "198.18.80.80")
    log_in(browser, "limited", PASSWORD)
    numbers = [row[0] for row in site.database.ask("SELECT id FROM consultations_consultationrequest")]
    opened = [n for n in numbers if browser.get(f"/admin/consultations/consultationrequest/{n}/change/").status == 200]
    page = browser.get("/admin/consultations/consultationrequest/?all=1").text
    # The page also shows by an invented reference what may be searched for.
    references = site.database.ask("SELECT reference FROM consultations_consultationrequest")
    listed = sum(reference in page for (reference,) in references)
    return Verdict(bool(opened or listed), f"opened {len(opened)} of {len(numbers)}, {listed} listed", "none")


def guess_passwords(site: AttackedSite) -> Verdict:
    """A hundred wrong passwords from one network, then the right one from there; then from the owner's own network."""
    site.output_of("shell", "--command", PROGRAM)
    attacker = [Browser(site.port, f"198.19.1.{number % 250 + 1}") for number in range(100)]
    answers = [log_in(browser, "limited", f"wrong-{number}") for number, browser in enumerate(attacker)]
    refused = sum(answer.status == 429 for answer in answers)
    right = log_in(Browser(site.port, "198.19.1.77"), "limited", PASSWORD)
    owner = [log_in(Browser(site.port, "198.18.90.1"), "limited", PASSWORD).status for _ in range(3)]
    logged = site.log().count("wrong-") == 0 and "refus" in site.log().lower()
    return Verdict(
        right.status == 302 or 302 not in owner,
        f"{refused} of 100 refused unread, then {right.status} for the right one from there; the owner: {owner}; logged: {logged}",
        "refused from that network before the password is looked at; the owner gets in",
    )


def neighbours(site: AttackedSite) -> Verdict:
    """A stranger in the owner's network uses up every try there; the owner comes with the browser they always use."""
    site.output_of("shell", "--command", PROGRAM)
    owner = Browser(site.port, "198.18.95.1")
    first = log_in(owner, "limited", PASSWORD).status
    owner.cookies.pop("sessionid", None)
    wrong = [log_in(Browser(site.port, f"198.18.95.{number % 5 + 1}"), "limited", "wrong") for number in range(45)]
    looked_at = sum(answer.status == 200 for answer in wrong)
    again = log_in(owner, "limited", PASSWORD).status
    return Verdict(
        again != 302 or looked_at > MOST_FROM_A_NETWORK,
        f"{looked_at} of 45 wrong passwords were looked at; the owner before: {first}, after: {again}",
        f"at most {MOST_FROM_A_NETWORK} are looked at; the owner gets in",
    )
