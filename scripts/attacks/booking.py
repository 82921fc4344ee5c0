"""Attacks through booking: mails to a stranger, every free time of a center, somebody else's number."""

from __future__ import annotations

import re

from scripts.attacks.forms import waited_for
from scripts.attacks.person import START, Person, stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict
from scripts.browser import Browser
from scripts.faulting.site import STAFF_INBOX

MOST_MAILS = 12
MOST_WITH_BUTTON = 12
# As many unconfirmed bookings a center has at once (consultations/booking/waits.py).
MOST_TAKEN = 12


def mail_flood(site: AttackedSite) -> Verdict:
    """One appointment under a stranger's address is moved to and fro; then requests for one mailbox by +tag."""
    before = len(site.mails_to(STAFF_INBOX))
    spy = stranger(site, 11, email="flooded@flooded.example")
    spy.ask()
    for number in range(20 if site.quick else 60):
        spy.book(number=number % 2)
    for number in range(10 if site.quick else 30):
        stranger(site, 20 + number, email=f"flooded+{number}@flooded.example").ask()
    site.wait_for_quiet()
    mails = [mail for mail in site.all_mails() if "flooded" in str(mail["To"])]
    staff = site.mails_to(STAFF_INBOX)[before:]
    return Verdict(
        len(mails) > MOST_MAILS + MOST_WITH_BUTTON or len(staff) > 2 * MOST_MAILS + 10,
        f"{len(mails)} mails to the mailbox, {len(staff)} to the desk",
        f"at most {MOST_MAILS} to a mailbox a day and {MOST_WITH_BUTTON} an hour with a button that somebody waits for, notices to the desk folded",
    )


def take_all_times(site: AttackedSite) -> Verdict:
    """Invented visitors book until a center has nothing left."""
    seen = stranger(site, 40)
    seen.ask()
    before = len(START.findall(seen.times().text))
    taken = 0
    for number in range(18 if site.quick else 200):
        invented = stranger(site, 1000 + number)
        # Spread over the days, each of which has a ceiling of its own.
        if invented.ask().status == 303 and invented.book(number=number * 7 % 200).status == 303:
            taken += 1
    after = len(START.findall(seen.times().text))
    return Verdict(
        after == 0 or taken > MOST_TAKEN,
        f"{taken} times taken by invented visitors, {after} of {before} still offered on the first page",
        "unconfirmed bookings are capped; times stay for others",
    )


def somebody_elses_number(site: AttackedSite) -> Verdict:
    """A stranger books under somebody's number first; then its owner asks and books."""
    number = "+1 202-555-0166"
    first = stranger(site, 50, email="first@attacker.example", phone=number)
    first.ask()
    first.book()
    owner = Person(Browser(site.port, "198.18.50.50"), email="owner@owner.example", phone=number)
    owner.ask()
    booked = owner.book(number=5)
    return Verdict(booked.status != 303, f"the owner's booking was answered with {booked.status}", "303: booked")


def strangers_unsubscribe(site: AttackedSite) -> Verdict:
    """A stranger asks under somebody's address and unsubscribes; the real person's consent must stand."""
    real = Person(Browser(site.port, "198.18.60.60"), email="real@real.example")
    real.ask(agree_newsletter="on")
    waited_for(site, real.email)
    other = stranger(site, 61, email="real@real.example")
    other.ask(agree_newsletter="on")
    other.browser.post(f"{other.private}unsubscribe/", {"List-Unsubscribe": "One-Click"})
    page = real.browser.get(real.private).text
    withdrawn = bool(re.search(r"[Ww]ithdr(ew|awn)[^<]{0,60}20\d\d|taken back", page))
    rows = site.database.ask(
        "SELECT COUNT(*) FROM consultations_consent c JOIN consultations_consultationrequest r ON r.id = c.request_id "
        "WHERE c.withdrawn_at IS NOT NULL"
    )
    return Verdict(int(rows[0][0]) > 1 or withdrawn, f"{rows[0][0]} consents withdrawn", "1: the stranger's own")
