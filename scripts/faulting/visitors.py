"""Visitors who fill in the form as a browser does, and send it again until they are told that it was received."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from scripts.faulting.findings import wait_until
from scripts.faulting.site import Site
from scripts.processes import HOST

FORM = "/consultation/"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
# Seconds until a visitor gives up, and between two tries.
PATIENCE = 90
PAUSE = 0.1
CUT = 0


@dataclass
class Visitor:
    """One person with one form.

    Attributes:
        answers: what each try to send the form was answered with; CUT where the connection ended without an answer.
        location: the private page, once the form was received.
        complaints: pages that were not what they should be.
        unavailable: answers that said the database is away, and how many of these named the phone number.
        was_written: looks whether the request of an address is in the database, for tries that were cut off.
        cut_when_written: tries that were cut off after the request was written.
        longest: seconds the slowest answer took.
        aimed_at: the web server is killed while this visitor waits.
    """

    port: int
    number: int
    answers: Counter[int] = field(default_factory=Counter)
    location: str = ""
    complaints: list[str] = field(default_factory=list)
    cookie: str = ""
    form: list[tuple[str, str]] = field(default_factory=list)
    unavailable: int = 0
    with_phone: int = 0
    was_written: Callable[[str], bool] | None = None
    cut_when_written: int = 0
    longest: float = 0
    aimed_at: bool = False

    @property
    def email(self) -> str:
        """The address, which tells this visitor's request from all others."""
        return f"visitor{self.number}@visitor.example"

    def typed(self) -> list[tuple[str, str]]:
        """Return what is filled in."""
        return [
            ("name", "Ada Example"),
            ("email", self.email),
            ("contact_by", "email"),
            ("best_time", "On Monday, after work"),
            ("message", f"When are you open? <I> am number {self.number} & wait."),
            ("agree_health", "on"),
        ]

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        """Return status, place to go to, and page; CUT where there was no whole answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = (HEADERS if body is not None else {}) | ({"Cookie": self.cookie} if self.cookie else {})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return CUT, "", ""
        finally:
            connection.close()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return answer.status, answer.getheader("Location", ""), page

    def open_form(self) -> bool:
        """Open the form and fill it in; return whether it came."""
        status, _, page = self.call("GET", FORM)
        if status == 200:
            self.form = [*hidden(page), *self.typed()]
        elif status not in {CUT, 503}:
            self.complaints.append(f"the form was answered with {status}")
        return status == 200

    def send(self) -> int:
        """Send the form once and return the answer's status."""
        began = time.monotonic()
        status, location, page = self.call("POST", FORM, urlencode(self.form).encode())
        self.longest = max(self.longest, time.monotonic() - began)
        self.answers[status] += 1
        if status == 303:
            self.location = location
        elif status == 503:
            self.read_unavailable(page)
        elif status != CUT:
            self.complaints.append(f"a request was answered with {status}")
        elif self.was_written is not None:
            self.cut_when_written += self.was_written(self.email)
        return status

    def read_unavailable(self, page: str) -> None:
        """Check that the page gives everything back that was typed, and go on with the form on it."""
        self.unavailable += 1
        self.with_phone += 'href="tel:' in page
        given_back = hidden(page)
        if missing := [
            name for name, value in self.form if name != "csrfmiddlewaretoken" and (name, value) not in given_back
        ]:
            self.complaints.append(f"the error page lost {', '.join(missing)}")
        else:
            self.form = given_back

    def ask(self) -> bool:
        """Open the form and send it until it is received; return whether it was."""
        return self.insist(self.open_form) and self.insist_on_sending()

    def insist_on_sending(self) -> bool:
        """Send the open form until it is received; return whether it was."""
        return self.insist(lambda: self.send() == 303)

    def insist(self, done: Callable[[], bool]) -> bool:
        """Try something until it is done, patience ends, or an answer makes no sense; return whether it was done."""
        return wait_until(lambda: done() or bool(self.complaints), PATIENCE, PAUSE) and not self.complaints

    def check(self) -> None:
        """Send the same form again, and open the private page: both must know it."""
        first = self.location
        if self.send() != 303 or self.location != first:
            self.complaints.append("the same form sent again was not recognised")
        status, _, _ = self.call("GET", first)
        if status != 200:
            self.complaints.append(f"the private page was answered with {status}")


def hidden(page: str) -> list[tuple[str, str]]:
    """Return names and values of the hidden fields."""
    return [(unescape(name), unescape(value)) for name, value in HIDDEN.findall(page)]


class Crowd:
    """Visitors who come one after another, several at a time."""

    def __init__(self, site: Site, was_written: Callable[[str], bool] | None = None) -> None:
        self.site = site
        self.was_written = was_written
        self.visitors: list[Visitor] = []
        self.lock = threading.Lock()

    def come(self) -> Visitor:
        """Return a new visitor, who is counted from now on."""
        with self.lock:
            visitor = Visitor(self.site.port, len(self.visitors) + 1, was_written=self.was_written)
            self.visitors.append(visitor)
        return visitor

    def load(self, number: int, at_once: int = 4) -> None:
        """Let a number of visitors ask, and return when all have."""
        enough = len(self.visitors) + number
        self.wait(self.begin(at_once, lambda: len(self.visitors) >= enough))

    def begin(self, at_once: int, until: Callable[[], bool]) -> list[threading.Thread]:
        """Let visitors ask until `until` says so; return the threads to wait for."""

        def work() -> None:
            while not until():
                self.come().ask()

        threads = [threading.Thread(target=work, daemon=True) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        return threads

    def wait(self, threads: list[threading.Thread]) -> None:
        """Wait until those who came have been answered."""
        for thread in threads:
            thread.join(PATIENCE * 2)

    @property
    def answers(self) -> Counter[int]:
        """Return all answers to forms that were sent."""
        return sum((visitor.answers for visitor in self.visitors), Counter())

    @property
    def received(self) -> list[Visitor]:
        """Return who was told that the request was received."""
        return [visitor for visitor in self.visitors if visitor.location]

    @property
    def complaints(self) -> list[str]:
        """Return what was not as it should be."""
        return [f"visitor {visitor.number}: {words}" for visitor in self.visitors for words in visitor.complaints]
