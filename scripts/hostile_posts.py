"""Sends generated hostile posts to a running site, with honest requests in between, and says what became of both.

    python -m scripts.hostile_posts http://localhost:8000 --posts 10000 --pid 1234

The posts are the same for the same seed. Nothing may be answered with a 5xx, and every honest request that was answered
with its private page must still open, and be recognised when it is sent again. With --pid the resident memory of that
process and its children is measured on the way. Run the site with LIMITS=all=0: otherwise nearly every honest
request is over the limit, which proves nothing.
"""

from __future__ import annotations

import argparse
import html
import http.client
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from scripts.hostility import Attacker, Attempt, Page
from scripts.processes import children

HONEST_EVERY = 50
MEASURE_EVERY = 1000


@dataclass
class Report:
    """What happened."""

    statuses: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    honest: int = 0
    lost: list[str] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing broke and nothing was lost."""
        return not self.broken and not self.lost and self.honest > 0


class KeptConnection:
    """A connection that is opened again whenever it was closed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.page = Page(parts.hostname or "localhost", parts.port or 80)
        self.connection = http.client.HTTPConnection(self.page.host, self.page.port, timeout=60)

    def send(self, attempt: Attempt) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body; status 0 where the server just closed the connection."""
        # A server may close a kept connection at any time; what went into such a one is sent again.
        return (self._try(attempt) if self.connection.sock else None) or self._try(attempt) or (0, {}, b"")

    def _try(self, attempt: Attempt) -> tuple[int, dict[str, str], bytes] | None:
        try:
            self.connection.request(attempt.method, attempt.path, attempt.body, attempt.headers)
            with self.connection.getresponse() as response:
                body = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return None
        if response.will_close:
            self.connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def open_form(self) -> None:
        """Fetch a form with its cookie, token and key."""
        status, headers, body = self.send(Attempt("GET", headers={"Cookie": self.page.cookie}))
        if status != 200:
            sys.exit(f"The form cannot be opened: status {status}.")
        if "set-cookie" in headers:
            self.page.cookie = headers["set-cookie"].split(";")[0]
        self.page.token, self.page.key = (hidden(body.decode(), name) for name in ("csrfmiddlewaretoken", "key"))


def main(arguments: list[str]) -> int:
    """Run from the command line; return 0 when nothing broke and nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--pid", type=int, default=0, help="The web server's main process, to measure its memory.")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    report = run(options.url, posts=options.posts, seed=options.seed, pid=options.pid)
    print("\n".join(lines(report, options.posts, time.monotonic() - began)))
    return 0 if report.is_good else 1


def run(url: str, *, posts: int, seed: int, pid: int = 0) -> Report:
    """Send the posts, honest requests in between, and look afterwards whether those are all there."""
    site, report = KeptConnection(url), Report()
    site.open_form()
    attacker, kept = Attacker(site.page, seed), []
    for number in range(posts):
        if number % MEASURE_EVERY == 0 and pid:
            report.memory.append((number, resident(pid)))
        if number % HONEST_EVERY == 0:
            kept.append(honest(site, number, report))
        attempt = attacker.attempt()
        status, _, _ = site.send(attempt)
        report.statuses[str(status or "closed")] += 1
        if status >= 500:
            report.broken.append(
                f"{status} {attempt.method} {attempt.path[:60]!r} {attempt.headers.get('Content-Type', '')[:60]!r} {attempt.body[:200]!r}"
            )
    report.lost += [name for page in kept if page for name in missing(site, *page)]
    if pid:
        report.memory.append((posts, resident(pid)))
    site.connection.close()
    return report


def honest(site: KeptConnection, number: int, report: Report) -> tuple[str, bytes, dict[str, str]] | None:
    """Send what a visitor with a browser of their own would; return the private page, what was sent and with which headers."""
    site.page.cookie = ""
    site.open_form()
    pairs = {
        "csrfmiddlewaretoken": site.page.token,
        "key": site.page.key,
        "name": f"Visitor {number}",
        "email": f"visitor{number}@visitor.example",
        "contact_by": "email",
        "message": "When are you open?",
        "agree_health": "on",
    }
    body = urlencode(pairs).encode()
    status, headers, _ = site.send(Attempt(body=body, headers=site.page.headers()))
    report.honest += 1
    if status != 303:
        report.lost.append(f"honest request {number} was answered with {status}")
        return None
    return headers["location"], body, site.page.headers()


def missing(site: KeptConnection, page: str, body: bytes, sent_with: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with an honest request that was kept: its page does not open, or it is not recognised."""
    status, _, _ = site.send(Attempt("GET", page))
    if status != 200:
        yield f"a private page answers with {status}"
    status, headers, _ = site.send(Attempt(body=body, headers=sent_with))
    if (status, headers.get("location")) != (303, page):
        yield f"a request that was sent again was answered with {status}"


def resident(pid: int) -> int:
    """Return the resident memory of a process and its children, in KiB."""
    pages = (
        Path(f"/proc/{number}/status").read_text(encoding="ascii", errors="replace") for number in (pid, *children(pid))
    )
    return sum(int(match[1]) for page in pages if (match := re.search(r"VmRSS:\s+(\d+)", page)))


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    return html.unescape(found[1]) if found else ""


def lines(report: Report, posts: int, seconds: float) -> Iterator[str]:
    """Yield the report for people."""
    yield f"{posts} hostile posts in {seconds:.0f} s, {report.honest} honest requests in between."
    yield "Answers: " + ", ".join(f"{status}: {count}" for status, count in sorted(report.statuses.items()))
    if report.memory:
        yield "Resident memory, MiB: " + ", ".join(f"{number}: {size / 1024:.1f}" for number, size in report.memory)
    yield from (f"Broken: {line}" for line in report.broken[:20])
    yield from (f"Lost: {line}" for line in report.lost[:20])
    yield "Nothing broke, nothing was lost." if report.is_good else "Not good."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
