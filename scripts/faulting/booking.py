"""Visitors who want the same time at once, staff who claim, and visitors who confirm: what each was told, against the database."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.visitors import CUT, PATIENCE, PAUSE, Crowd, Visitor
from scripts.racing.crowd import Answer, Member, at_once, call, send, visitor_post
from scripts.racing.verdicts import DOUBLE_CELLS, OCCUPYING, OVERLAPS, number_of

# Who want one time, and the kind of visit they want.
RIVALS, KIND = 4, "race"
# One visitor of so many confirms the address.
CONFIRMING = 3
HOLDERS = f"SELECT request_id FROM consultations_appointment WHERE starts_at = %s AND {OCCUPYING}"  # noqa: S608
ASSIGNEE = "SELECT assignee_id FROM consultations_consultationrequest WHERE id = %s"
CONFIRMED = "SELECT count(*) FROM consultations_consultationrequest WHERE email = %s AND email_confirmed_at IS NOT NULL"
CONFIRM = re.compile(r"/consultation/confirm/[^/\s\"'<>]+/")
# Statuses that come of a process which was killed, or of a database that is away: the same is sent again.
AGAIN = {CUT, 500, 502, 503, 504}


class Asker(Visitor):
    """A visitor behind nginx: a connection that a killed process has cut is answered there, with 502."""

    confirmed = False

    @property
    def email(self) -> str:
        """The address, which no other crowd has."""
        return f"asker{self.number}@visitor.example"

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        """Return status, place to go to, and page; CUT also where nginx says that the site did not answer."""
        status, location, page = super().call(method, path, body)
        return (CUT, "", "") if status in {502, 504} else (status, location, page)

    def check(self) -> None:
        """Send the same form again: who has confirmed the address got another private page, and all others have the same one."""
        if not self.confirmed:
            super().check()
        elif self.send() != 303:
            self.complaints.append("the same form sent again was not recognised")


class Askers(Crowd):
    """Visitors who ask now and then, look at their private page, and in part confirm their address."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.links: dict[str, str] = {}
        self.private: Counter[int] = Counter()

    def come(self) -> Visitor:
        """Return a new visitor."""
        with self.lock:
            visitor = Asker(self.site.port, len(self.visitors) + 1)
            self.visitors.append(visitor)
        return visitor

    def work(self, enough: threading.Event, pause: float) -> None:
        """Let one after the other ask, until it is enough."""
        while not enough.wait(pause):
            visitor = self.come()
            # Who confirms gets another private page at any moment.
            if visitor.ask() and visitor.number % CONFIRMING:
                wait_until(lambda: self.open_page(visitor), PATIENCE, PAUSE)  # noqa: B023  called within the turn

    def open_page(self, visitor: Visitor) -> bool:
        """Open the private page; return whether it came."""
        status, _, _ = visitor.call("GET", visitor.location)
        self.private[status] += 1
        return status not in AGAIN

    def read(self, mail: EmailMessage) -> None:
        """Keep the link that confirms an address."""
        body = mail.get_body(("plain",))
        if body and (found := CONFIRM.search(body.get_content())):
            self.links[str(mail["To"])] = found[0]

    def confirm(self, enough: threading.Event) -> None:
        """Let one visitor of three confirm the address once the mail has come."""
        for number in range(CONFIRMING, 1_000_000, CONFIRMING):
            if not wait_until(lambda: enough.is_set() or self._can_confirm(number), 3600, 0.2) or enough.is_set():  # noqa: B023
                return
            visitor = self.visitors[number - 1]
            path = self.links[visitor.email]
            wait_until(lambda: visitor.call("POST", path, b"")[0] not in AGAIN, PATIENCE, PAUSE)  # noqa: B023
            visitor.confirmed = True  # type: ignore[attr-defined]  # an Asker

    def _can_confirm(self, number: int) -> bool:
        return len(self.visitors) >= number and self.visitors[number - 1].email in self.links

    def reckon_confirmed(self, findings: Findings) -> None:
        """Compare who confirmed with the database."""
        told = [visitor for visitor in self.visitors if getattr(visitor, "confirmed", False)]
        missing = sum(not number_of(self.site.database, CONFIRMED, visitor.email) for visitor in told)
        findings.count("addresses confirmed by the button of a mail", len(told))
        findings.must("confirmed, but not in the database", missing, 0)
        wrong = {status: number for status, number in self.private.items() if status not in AGAIN | {200}}
        findings.count("private pages opened: 200, 503, cut off", tuple(self.private[each] for each in (200, 503, CUT)))
        findings.must("private pages with any other answer", sum(wrong.values()), 0)


@dataclass
class Rivals:
    """Waves of visitors who want one time."""

    port: int
    stage: dict[str, Any]
    told: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    sent: Counter[int] = field(default_factory=Counter)
    unclear: list[int] = field(default_factory=list)

    def work(self, enough: threading.Event, pause: float) -> None:
        """Send wave after wave, until it is enough or all times are given away."""
        for wave in range(len(self.stage["kinds"][KIND]["starts"])):
            if enough.wait(pause) or RIVALS * (wave + 1) > len(self.stage["visitors"]):
                return
            self.wave(wave)

    def wave(self, number: int) -> None:
        """Let four visitors want one time, each until there is a clear answer."""
        start = self.stage["kinds"][KIND]["starts"][number]
        numbers = range(RIVALS * number, RIVALS * (number + 1))
        posts = [visitor_post(self.stage, each, KIND, start) for each in numbers]
        for each, first in zip(numbers, at_once(self.port, posts), strict=True):
            answer, until = first, time.monotonic() + PATIENCE
            self.sent[answer.status] += 1
            while answer.status in AGAIN and time.monotonic() < until:
                time.sleep(PAUSE)
                answer = send(self.port, first.post)
                self.sent[answer.status] += 1
            self.note(each, start, answer)

    def note(self, number: int, start: str, answer: Answer) -> None:
        """Keep what a visitor was told at last: it is booked, or somebody, themselves perhaps, has it."""
        if answer.done:
            self.told[start].append(int(self.stage["visitors"][number]["id"]))
        elif answer.status == 409:
            self.told[start] += []
            self.refused += 1
        else:
            self.unclear.append(answer.status)

    def reckon(self, findings: Findings, database: Database) -> None:
        """Compare what was told with who holds the times."""
        held = {start: [row for (row,) in database.ask(HOLDERS, moment(start))] for start in self.told}
        findings.count("times that four wanted at once", len(self.told))
        findings.must("times held by one visitor", sum(len(rows) == 1 for rows in held.values()), len(self.told))
        findings.must("times that two were told is theirs", sum(len(each) > 1 for each in self.told.values()), 0)
        lost = sum(each not in held[start] for start, ids in self.told.items() for each in ids)
        findings.must("told that it is booked, but not in the database", lost, 0)
        findings.must("pairs of bookings that overlap", number_of(database, OVERLAPS), 0)
        findings.must("cells that are taken twice", number_of(database, DOUBLE_CELLS), 0)
        findings.must("bookings that were never answered clearly", len(self.unclear), 0)
        away = sum(self.sent[each] for each in AGAIN - {CUT, 500})
        findings.count(
            "forms for a time: 303, 409, 502 or 503, cut", (self.sent[303], self.sent[409], away, self.sent[CUT])
        )
        findings.must("forms for a time answered 500", self.sent[500], 0)


def moment(start: str) -> str:
    """Return an instant as a database compares it: SQLite has no zone."""
    return start.replace("T", " ").replace("Z", ":00")


@dataclass
class Claimer:
    """A member of staff who opens one request after the other and takes it."""

    port: int
    stage: dict[str, Any]
    statuses: Counter[int] = field(default_factory=Counter)
    taken: list[int] = field(default_factory=list)

    def work(self, enough: threading.Event, pause: float) -> None:
        """Open and take requests until it is enough."""
        for visitor in reversed(self.stage["visitors"]):
            member = self.insist(lambda: Member.at_desk(self.port, self.stage["staff"][0], visitor["page"]))  # noqa: B023
            if enough.wait(pause) or member is None:
                return
            post = member.post(visitor["page"], "claim")
            body = urlencode(post.fields).encode()
            status, location, _ = call(self.port, "POST", post.path, post.cookie, body)
            self.statuses[status] += 1
            if status in {302, 303} and "/login/" not in location:
                self.taken.append(int(visitor["id"]))

    def insist(self, open_desk: Callable[[], Member]) -> Member | None:
        """Open a page of the desk until it has the form; None when patience ends."""
        found: list[Member] = []

        def try_once() -> bool:
            try:
                member = open_desk()
            except (OSError, http.client.HTTPException):
                return False
            found.append(member)
            return bool(member.token)

        return found[-1] if wait_until(try_once, PATIENCE, PAUSE) else None

    def reckon(self, findings: Findings, database: Database) -> None:
        """Compare what the member of staff was told with the database."""
        lost = sum(database.ask(ASSIGNEE, each)[0][0] is None for each in self.taken)
        findings.count("requests that a member of staff took", len(self.taken))
        findings.must("taken, but not in the database", lost, 0)
