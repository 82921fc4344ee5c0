"""Attacks on staff accounts: other centers' people, guessed passwords, a crowded login."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter

from scripts.attacks.browser import Answer, Browser
from scripts.attacks.person import stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict

LOGIN = "/admin/login/"
PROGRAM = """
from django.contrib.auth.models import Group, User
from consultations import groups
user, _ = User.objects.get_or_create(username="limited", defaults={"is_staff": True})
user.set_password("limited-password-of-theirs-17")
user.save()
user.groups.set([Group.objects.get(name=groups.TRIAGE)])
"""
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
    page = browser.get("/admin/consultations/consultationrequest/?all=1").page
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


def crowded_login(site: AttackedSite) -> Verdict:
    """Twelve clients log in without end while somebody reads an article."""
    reader = Browser(site.port, "198.18.91.1")
    reader.get("/articles/")
    usual = statistics.median(reader.get("/articles/").seconds for _ in range(40))
    until = time.monotonic() + (6 if site.quick else 15)

    def hammer(number: int) -> None:
        tries = 0
        while time.monotonic() < until:
            tries += 1
            log_in(Browser(site.port, f"198.19.{number}.{tries % 250 + 1}"), "limited", "wrong")

    threads = [threading.Thread(target=hammer, args=(number,), daemon=True) for number in range(12)]
    for thread in threads:
        thread.start()
    meanwhile = []
    while time.monotonic() < until:
        meanwhile.append(reader.get("/articles/").seconds)
        time.sleep(0.05)
    for thread in threads:
        thread.join(30)
    crowded = statistics.median(meanwhile)
    asked = stranger(site, 92).ask()
    return Verdict(
        crowded > max(10 * usual, 0.5),
        f"median {usual * 1000:.0f} ms before, {crowded * 1000:.0f} ms meanwhile; a request was answered with {asked.status}",
        "public pages stay quick",
    )


def many_log_ins(site: AttackedSite) -> Verdict:
    """Thousands of tries from as many addresses while the owner logs in and somebody reads articles."""
    site.output_of("shell", "--command", PROGRAM)
    home, reader = "198.18.90.1", Browser(site.port, "198.18.91.1")
    log_in(Browser(site.port, home), "limited", PASSWORD)
    reader.get("/articles/")
    usual = statistics.median(reader.get("/articles/").seconds for _ in range(100))
    tries, clients = (300 if site.quick else 10_000), 8
    answers: list[int] = []

    def hammer(client: int) -> None:
        # The form is opened once and sent from ever new addresses, as an attacker would who is in a hurry.
        attacker = Browser(site.port, f"10.{client}.0.1")
        path, fields = form_of(attacker)
        for number in range(tries // clients):
            attacker.address = f"10.{client}.{number // 250}.{number % 250 + 1}"
            named = "limited" if number % 2 else f"somebody{number}"
            answers.append(
                attacker.post(path, fields | {"username": named, "login": named, "password": "wrong"}).status
            )

    threads = [threading.Thread(target=hammer, args=(client,), daemon=True) for client in range(clients)]
    for thread in threads:
        thread.start()
    meanwhile: list[float] = []
    owner: list[int] = []
    while any(thread.is_alive() for thread in threads):
        meanwhile.append(reader.get("/articles/").seconds)
        if len(owner) < 3 and 302 not in owner and len(meanwhile) % 5 == 0:
            owner.append(log_in(Browser(site.port, home), "limited", PASSWORD).status)
        time.sleep(0.02)
    crowded = statistics.median(meanwhile)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(answers).items()))
    return Verdict(
        302 not in owner or crowded > max(2 * usual, usual + 0.02),
        f"{told}; the owner: {owner}; median of an article {usual * 1000:.1f} ms before, {crowded * 1000:.1f} ms meanwhile",
        "the owner gets in within three tries; articles take at most twice as long (or 20 ms more)",
    )
