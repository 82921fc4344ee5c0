"""Visitors and staff who send their forms at the same moment, and what each was answered."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from scripts.faulting.visitors import CUT, HEADERS, hidden
from scripts.processes import HOST

# The list of other times that stands beside a refusal: on the visitor's page, and on the desk's.
OTHERS = re.compile(r'<ul class="others">.*?</ul>|<form [^>]*class="times instead".*?</form>', re.DOTALL)
BUTTON = re.compile(r'<button [^>]*name="(?:start|starts_at)"[^>]*value="([^"]+)"')
SAID = re.compile(r'<li class="error">(.*?)</li>|<h2 id="said">(.*?)</h2>', re.DOTALL)
TAKEN = "This time has just been taken."
PATIENCE = 100
ENOUGH = 3


@dataclass(frozen=True)
class Post:
    """A form, ready to be sent; `wanted` is the time in it, by either page's spelling."""

    path: str
    fields: dict[str, str]
    cookie: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back: status (CUT for nothing), where to go on, the page, and when it was sent and answered."""

    post: Post
    status: int
    location: str
    page: str
    sent: float
    came: float

    @property
    def done(self) -> bool:
        """Whether it says that it was done, and leads on; to the login is not on."""
        return self.status in {302, 303} and "/login/" not in self.location

    @property
    def others(self) -> list[str]:
        """The values of the buttons with other times."""
        shown = "".join(OTHERS.findall(self.page))
        return [value for each in BUTTON.findall(shown) if minute(value := unescape(each)) != minute(self.post.wanted)]

    @property
    def said(self) -> str:
        """The sentence of a refusal."""
        found = SAID.search(self.page)
        return unescape(found[1] or found[2]) if found else ""

    @property
    def clear(self) -> bool:
        """Whether it says that the time is taken, and names enough others to press."""
        expected = 422 if self.post.cookie else 409
        return self.status == expected and TAKEN in self.said and len(set(self.others)) >= ENOUGH


def minute(instant: str) -> str:
    """Return an instant in UTC without its zone: `2027-03-03T14:30`."""
    return instant[:16]


def at_once(port: int, posts: Sequence[Post]) -> list[Answer]:
    """Send all forms at the same moment, each over a connection of its own, and return the answers in that order."""
    gate = threading.Barrier(len(posts))
    answers: dict[int, Answer] = {}

    def run(number: int) -> None:
        gate.wait(PATIENCE)
        answers[number] = send(port, posts[number])

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(posts))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
    return [answers[number] for number in sorted(answers)]


def send(port: int, post: Post) -> Answer:
    """Send one form."""
    sent = time.monotonic()
    status, location, page = call(port, "POST", post.path, post.cookie, urlencode(post.fields).encode())
    return Answer(post, status, location, page, sent, time.monotonic())


def call(port: int, method: str, path: str, cookie: str = "", body: bytes | None = None) -> tuple[int, str, str]:
    """Return status, place to go to, and page; CUT where there was no whole answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    headers = (HEADERS if body is not None else {}) | ({"Cookie": cookie} if cookie else {})
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read().decode()
    except (OSError, http.client.HTTPException):
        return CUT, "", ""
    finally:
        connection.close()


def under_way(answers: Sequence[Answer]) -> int:
    """Return how many forms had been sent before the first answer came."""
    first = min((answer.came for answer in answers), default=0.0)
    return sum(answer.sent < first for answer in answers)


@dataclass(frozen=True)
class Member:
    """A member of staff with the desk open: the session's cookie, and that of the form's token with the token."""

    port: int
    cookie: str
    token: str

    @classmethod
    def at_desk(cls, port: int, session: str, page: str) -> Member:
        """Open a request's page as a browser does and keep what its forms need."""
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.request("GET", page, headers={"Cookie": session})
        answer = connection.getresponse()
        token = dict(hidden(answer.read().decode())).get("csrfmiddlewaretoken", "")
        cookies = [header.split(";")[0] for header in answer.headers.get_all("Set-Cookie", [])]
        connection.close()
        return cls(port, "; ".join([session, *cookies]), token)

    def post(self, page: str, button: str, wanted: str = "", **fields: object) -> Post:
        """Return a form of the desk, such as `…/book/`."""
        path = f"{page.removesuffix('change/')}{button}/"
        typed = {name: str(value) for name, value in fields.items()}
        return Post(path, {"csrfmiddlewaretoken": self.token, **typed}, self.cookie, wanted)


def visitor_post(stage: dict[str, Any], number: int, kind: str, start: str) -> Post:
    """Return the form with which a visitor books a time."""
    fields = {"visit": kind, "center": stage["center"]["slug"], "start": start}
    return Post(stage["visitors"][number]["times"], fields, wanted=start)


def staff_post(stage: dict[str, Any], member: Member, number: int, kind: str, start: str) -> Post:
    """Return the form with which staff book a time for a visitor, whatever the rules say."""
    return member.post(
        stage["visitors"][number]["page"],
        "book",
        start,
        appointment_type=stage["kinds"][kind]["id"],
        center=stage["center"]["id"],
        consultant=stage["consultant"],
        starts_at=start.replace("Z", "+00:00"),
        override="Agreed by telephone.",
    )
