"""An observer compares what the site answers under a known address or number with what it answers under unknown ones."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from email.message import EmailMessage

from scripts.attacks.forms import confirm_all
from scripts.attacks.person import Person, stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict
from scripts.browser import Browser

OWN = "@observer.example"
KNOWN_MAIL, KNOWN_NUMBER = "known.person@known.example", "+1 202-555-0171"
# The desk confirms the number, as after a call; a version that knows no such thing takes every number as confirmed.
PROGRAM = """
from django.utils import timezone
from django.contrib.auth.models import User
from consultations.models import ConsultationRequest
try:
    from consultations.booking.unconfirmed import confirm_phone
except ImportError:
    confirm_phone = None
found = ConsultationRequest.objects.filter(email="known.person@known.example").first()
if confirm_phone and found:
    confirm_phone(found, by=User.objects.filter(is_superuser=True).first(), now=timezone.now())
"""
# Medians closer than this are one: the runs share the machine with the server.
NOISE_SECONDS, NOISE_SHARE = 0.02, 0.25


@dataclass(frozen=True)
class Seen:
    """What one try came to: statuses and words, and how long request and booking took together."""

    told: tuple[int, int, str]
    seconds: float


def who_has_an_appointment(site: AttackedSite) -> Verdict:
    """Somebody asks and books under known and unknown addresses and numbers in turn, gives the time back, and compares."""
    known = Person(Browser(site.port, "198.18.7.7"), email=KNOWN_MAIL, phone=KNOWN_NUMBER)
    known.ask()
    known.book()
    confirm_all(site, known)
    site.output_of("shell", "--command", PROGRAM)
    seen: dict[bool, list[Seen]] = {True: [], False: []}
    boxes: dict[bool, list[str]] = {True: [], False: []}
    for number in range(24 if site.quick else 200):
        is_known = number % 2 == 0
        spy = Person(stranger(site, 100 + number).browser, **contact(number, is_known=is_known))
        seen[is_known].append(tried(spy))
        # Only what comes to a mailbox of their own is seen by the observer: they read nobody else's.
        if spy.email.endswith(OWN):
            boxes[is_known].append(spy.email)
    site.wait_for_quiet()
    mails = {
        which: {words_of(mail) for mail in site.all_mails() if str(mail["To"]) in of} for which, of in boxes.items()
    }
    kinds = {which: {one.told for one in found} for which, found in seen.items()}
    medians = {which: statistics.median(one.seconds for one in found) for which, found in seen.items()}
    apart = abs(medians[True] - medians[False])
    slower = apart > max(NOISE_SECONDS, NOISE_SHARE * min(medians.values()))
    unlike = [mails[True] ^ mails[False]] if mails[True] != mails[False] else []
    return Verdict(
        kinds[True] != kinds[False] or slower or bool(unlike),
        f"{sum(map(len, seen.values()))} tries; known {statuses(kinds[True])}, unknown {statuses(kinds[False])}, "
        f"words {'alike' if kinds[True] == kinds[False] else 'differ'}; median {medians[True] * 1000:.0f} ms known, "
        f"{medians[False] * 1000:.0f} ms unknown; {len(mails[True])} kinds of mail to {len(boxes[True])} mailboxes of the "
        f"observer {f'differ: {unlike}' if unlike else 'alike'}",
        "the same statuses, words, mails and, within noise, time",
    )


def contact(number: int, *, is_known: bool) -> dict[str, str]:
    """Return an address in the first half of each eight tries, a number with an address of the observer's own after it."""
    if number % 8 < 4:
        variants = (KNOWN_MAIL, "Known.Person@known.example", "known.person+x@known.example")
        return {"email": variants[number // 2 % 3] if is_known else f"nobody.{number}@known.example"}
    return {
        "email": f"observer.{number}{OWN}",
        "phone": KNOWN_NUMBER if is_known else f"+1 202-555-01{10 + number % 50}",
    }


def tried(spy: Person) -> Seen:
    """Ask, book and read the private page; give the time back, so that no ceiling for all is met."""
    asked, booked = spy.ask(), spy.book(number=3)
    told = (asked.status, booked.status, words(spy.browser.get(spy.private).text if spy.private else ""))
    back = spy.browser.get(f"{spy.private}cancel/")
    spy.browser.post(f"{spy.private}cancel/", back.hidden())
    return Seen(told, asked.seconds + booked.seconds)


def words(page: str) -> str:
    """Return the words of a page without what differs by visitor: addresses, numbers, times, references."""
    text = re.sub(r"<[^>]+>", " ", page)
    text = re.sub(
        r"\S*@\S*|R-\w{4}-\w{4}|\S*\d\S*|\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(day)?\b|\b[ap]\.?m\.?", " ", text
    )
    return " ".join(text.split())


def words_of(mail: EmailMessage) -> str:
    """Return the words of a mail's subject and text, without what differs by visitor."""
    body = mail.get_body(("plain",))
    return words(f"{mail['Subject']} {body.get_content() if body else ''}")


def statuses(kinds: set[tuple[int, int, str]]) -> str:
    """Return the pairs of statuses of request and booking."""
    return " and ".join(f"{asked}/{booked}" for asked, booked in sorted({one[:2] for one in kinds}))
