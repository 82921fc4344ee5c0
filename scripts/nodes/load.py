"""People who use the site while something happens to it, and what each of their requests was answered with."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scripts.browser import Answer
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.findings import Findings
from scripts.nodes.client import Guest, NodeBrowser, Staff, asked_for

PAGES = ("/", "/articles/", "/articles/exosomes-vs-prp/", "/therapies/", "/compare/", "/compare/exosomes-vs-prp/", "/centers/",
         "/faq/", "/contact/", "/decide/", "/search/?q=prp", "/consultation/soonest/")  # fmt: skip
DESK = ("/admin/", "/admin/consultations/consultationrequest/", "/admin/content/article/", "/admin/account/sessions/")
READERS, GUESTS = 3, 2
WRITTEN = "SELECT email, count(*) FROM consultations_consultationrequest GROUP BY email"
# Seconds between what one person does and what they do next.
PAUSE = 0.05


@dataclass
class Load:
    """A crowd.

    Attributes:
        answers: who asked and what came, in the order of arrival.
        told: mail addresses of those who were told that their request was received.
    """

    proxy: str
    staff: Staff
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let them all use the site meanwhile."""
        stop = threading.Event()

        def again(work: Callable[[], None]) -> Callable[[], None]:
            def go_on() -> None:
                while not stop.is_set():
                    work()
                    stop.wait(PAUSE)

            return go_on

        work = [*[self.read] * READERS, *[self.send] * GUESTS, self.look]
        threads = [threading.Thread(target=again(each), daemon=True) for each in work]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(70)

    def read(self) -> None:
        """Read a page, and fetch its style sheet as browsers do."""
        reader = NodeBrowser(self.proxy, f"203.0.{random.randint(0, 255)}.{random.randint(1, 254)}")  # noqa: S311  an address of nobody
        answer = self.note("reader", reader.open(random.choice(PAGES)))  # noqa: S311  any of them
        _, found, rest = answer.text.partition('<link rel="stylesheet" href="')
        if found:
            self.note("reader", reader.open(rest.partition('"')[0]))

    def send(self) -> None:
        """Open the form, send it, and open the private page."""
        guest = Guest(self.proxy, next(self.numbers))
        if guest.open_form() and guest.post() == 303:
            self.told.append(guest.email)
            guest.call("GET", guest.seen[-1].header("Location"))
        for answer in guest.seen:
            self.note("visitor", answer)

    def look(self) -> None:
        """Look at a page of the desk."""
        self.note("staff", self.staff.open(random.choice(DESK)))  # noqa: S311  any of them

    def note(self, who: str, answer: Answer) -> Answer:
        """Keep what came."""
        self.answers.append((who, answer))
        return answer

    def asked_since(self, position: int, address: str) -> int:
        """Return for how many requests a node was asked, from a position in the answers on."""
        return sum(address in asked_for(answer) for _, answer in self.answers[position:])

    def judge(self, findings: Findings, database: PostgreSQL) -> None:
        """Say what nobody may have seen, and what was lost."""
        for who in ("reader", "visitor", "staff"):
            mine = [answer for one, answer in self.answers if one == who]
            findings.count(f"{who}: requests", len(mine))
            wrong = Counter(answer.status for answer in mine if answer.status not in {200, 303})
            findings.must(
                f"{who}: cut off, or other answers than a page or the place to go to", tuple(wrong.items()), ()
            )
        slowest = sorted(answer.seconds for _, answer in self.answers)
        findings.count("median, 99 of 100, and slowest answer, seconds",
                       tuple(f"{each:.2f}" for each in (slowest[len(slowest) // 2], slowest[len(slowest) * 99 // 100], slowest[-1])))  # fmt: skip
        retried = sum("," in asked_for(answer) for _, answer in self.answers)
        findings.count("requests for which a second node was asked", retried)
        held = dict(database.ask(WRITTEN))
        findings.count("requests for a consultation received", len(self.told))
        findings.must("received, but not in the database", sum(email not in held for email in self.told), 0)
        findings.must("in the database more than once", sum(number > 1 for number in held.values()), 0)


def lasting(load: Load, seconds: float) -> None:
    """Let some time of use pass."""
    time.sleep(seconds)
    if not load.answers:
        raise SystemExit("Nobody was answered.")
