"""Attacks through the request form: a planted key, who is known, what a database's log keeps, text that grows, no limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from scripts.attacks.person import FORM, LINK, START, Person, stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict
from scripts.browser import Browser
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.findings import wait_until


def planted_key(site: AttackedSite) -> Verdict:
    """A key of the attacker's own comes back in the victim's form; afterwards the attacker posts it with other words."""
    attacker, victim = stranger(site, 1), stranger(site, 2)
    key = attacker.fields()["key"]
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    returned = victim.browser.post(FORM, {"key": key, "name": "Planted Name"}, **elsewhere)
    carried = returned.hidden().get("key") == key or "Planted Name" in returned.text
    typed = {"name": "Victim Example", "email": "victim@victim.example", "contact_by": "either"}
    victim.browser.post(FORM, returned.hidden() | typed)
    answer = attacker.browser.post(
        FORM, attacker.fields(key=key, name="Somebody Else", email="attacker@attacker.example")
    )
    private = LINK.findall(answer.text + answer.location)
    opened = [link for link in private if "Victim" in attacker.browser.get(link).text or carried]
    return Verdict(
        bool(opened) or carried,
        f"form from elsewhere {'kept what was planted' if carried else 'came back empty'}; {answer.status} with {len(private)} private links",
        "the form comes back empty with a key of its own, and no answer links to a private page",
    )


def confirm_all(site: AttackedSite, person: Person) -> None:
    """Press the buttons behind every link that was mailed to a person, as the owner of the mailbox would."""
    for mail in waited_for(site, person.email):
        for link in set(re.findall(r"/consultation/[^\s\"'<>]+", str(mail.get_body(("plain",)) or ""))):
            if "confirm" in link:
                page = person.browser.get(link)
                person.browser.post(link, page.hidden())


def waited_for(site: AttackedSite, address: str) -> list[EmailMessage]:
    """Return the mails to an address once the worker has had time to send them."""
    wait_until(lambda: bool(site.mails_to(address)), 10)
    return site.mails_to(address)


def database_log(site: AttackedSite) -> Verdict:
    """One form is sent six times at once; afterwards the database server's log is read."""
    secret = {"name": "Logged Person", "email": "logged.person@logged.example", "phone": "+1 202-555-0188"}
    person = stranger(site, 5, **secret)
    for _ in range(2 if site.quick else 8):
        fields = person.fields(message="A secret of mine", agree_health="on")
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(person.browser.post, [FORM] * 6, [fields] * 6))
    if not isinstance(site.database, PostgreSQL):
        return Verdict(False, "SQLite keeps no log", "nothing of the person")
    log = (site.database.cluster.folder / "log").read_text(errors="replace")
    found = [word for word in ("Logged Person", "logged.person@", "555-0188") if word in log]
    return Verdict(bool(found), f"log holds {', '.join(found) or 'nothing of the person'}", "nothing of the person")


def growing_text(site: AttackedSite) -> Verdict:
    """Text that grows under normalising, and text that only one database refuses, in every field and address."""
    grows, nul = "\ufb2c" * 200, "%00"
    answers: dict[str, int] = {}
    for name in ("name", "phone", "best_time", "email"):
        person = stranger(site, 6, email="grow@grow.example", phone="")
        answers[name] = person.browser.post(FORM, person.fields(**{name: grows})).status
    browser = Browser(site.port, "198.18.9.9")
    for path in (
        f"/compare/{nul}-vs-prp/",
        f"/compare/exosomes-vs-prp{nul}/",
        f"/articles/{nul}/",
        f"/centers/?q={nul}",
        f"/articles/?topic={nul}",
        f"/consultation/r/{nul}/",
    ):
        answers[path] = browser.get(path).status
    failed = [f"{name} {status}" for name, status in answers.items() if status >= 500 or not status]
    return Verdict(bool(failed), ", ".join(failed) or f"{len(answers)} answers, none of 5xx", "no 5xx")


def no_limit(site: AttackedSite) -> Verdict:
    """Everything that costs, over and over from one address: private posts, refused forms, costly pages, holds."""
    # One more than docs/limits.md allows; a short run is under smaller numbers (SHORT_LIMITS).
    rounds = 70 if site.quick else 610
    person = stranger(site, 7)
    person.ask()
    page = person.times()
    start = START.search(page.text)
    deeds: dict[str, Callable[[], int]] = {
        "refused forms": lambda: person.browser.post(FORM, person.browser.get(FORM).hidden()).status,
        "costly pages": lambda: person.browser.get(f"/consultation/soonest/?x={rounds}").status,
    }
    if start:
        fields = page.hidden() | {"start": start.group(1)}
        deeds["holds"] = lambda: person.browser.post(f"{person.private}times/hold/", fields).status
    # After the holds, which are private posts too and are counted as such.
    deeds["notes"] = lambda: person.browser.post(f"{person.private}note/", {"note": "x"}).status
    refused = {name: first_refusal(deed, rounds) for name, deed in deeds.items()}
    free = [name for name, number in refused.items() if not number]
    told = ", ".join(f"{name} {f'after {number - 1}' if number else 'never'}" for name, number in refused.items())
    return Verdict(bool(free), f"refused ({rounds} tries): {told}", "each is refused politely")


def first_refusal(deed: Callable[[], int], rounds: int) -> int:
    """Do something over and over; return the number of the first time that was refused politely, or 0."""
    return next((number for number in range(1, rounds + 1) if deed() in {429, 503}), 0)
