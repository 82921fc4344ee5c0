"""Readers of public pages, an editor who changes what stands on them, and what readers were shown."""

from __future__ import annotations

import http.client
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.site import BASE_DIR, MANAGE, Site
from scripts.processes import HOST

WITHDRAWN = "/articles/exosomes-vs-prp/"
PAGES = (
    "/", "/articles/", WITHDRAWN, "/articles/what-is-prp/", "/therapies/", "/compare/", "/centers/", "/faq/", "/contact/",
    "/search/", "/sitemap.xml", "/feed/",
)  # fmt: skip
# Looked up in the database for whoever asks, or true for a minute only: what cannot be kept.
MOMENTARY = ("/search/?q=prp", "/consultation/soonest/")
EDITION = re.compile(r"Edition (\d+)\. Talk")
READERS, PAUSE = 3, 0.03
# Seconds after which nobody is shown what was there before an edit.
BOUND = 2.0
CUT = 0


@dataclass(frozen=True)
class Look:
    """One answer: when it was asked for (Unix seconds), what, with which status, after how long, and the edition on the page (-1: none)."""

    at: float
    path: str
    status: int
    seconds: float
    edition: int = -1


def look(port: int, path: str) -> Look:
    """Ask for a page over a connection of its own."""
    began = time.time()
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        status, page = answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        status, page = CUT, ""
    finally:
        connection.close()
    found = EDITION.search(page)
    return Look(began, path, status, time.time() - began, int(found[1]) if found else -1)


class Readers:
    """Several who read one page after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.looks: list[Look] = []
        self.enough = threading.Event()
        self.threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Let them read: each begins at another page, and one reads what cannot be kept."""
        for number in range(READERS):
            turned = PAGES[number * 4 :] + PAGES[: number * 4]
            self.threads.append(threading.Thread(target=self._read, args=[turned], daemon=True))
        self.threads.append(threading.Thread(target=self._read, args=[MOMENTARY], daemon=True))
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let them finish."""
        self.enough.set()
        for thread in self.threads:
            thread.join(90)

    def _read(self, order: Sequence[str]) -> None:
        for path in cycle(order):
            if self.enough.wait(PAUSE):
                return
            self.looks.append(look(self.port, path))

    def warm(self) -> None:
        """Ask for every page that can be kept, so that it is, once nginx has nothing from before the last edit."""
        time.sleep(BOUND + 0.5)
        for path in PAGES:
            self.looks.append(look(self.port, path))


@dataclass
class Edits:
    """What was edited when: editions and their times, and when the article was withdrawn (Unix seconds; 0: not)."""

    editions: list[tuple[float, int]] = field(default_factory=list)
    refused: int = 0
    withdrawn_at: float = 0


class Editor:
    """Edits every few seconds, in a process of the site, while it is not held."""

    def __init__(self, site: Site, every: float) -> None:
        self.every = every
        self.edits = Edits()
        self.lock = threading.Lock()
        self.enough = threading.Event()
        code = "from scripts.faulting import editing; editing.run()"
        with (site.folder / "editor.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*MANAGE, "shell", "--no-imports", "--command", code],
                cwd=BASE_DIR, env=site.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.thread = threading.Thread(target=self._edit, daemon=True)

    def begin(self) -> None:
        """Edit for the first time, then again and again."""
        self._say(0)
        self.thread.start()

    def end(self) -> None:
        """Stop."""
        self.enough.set()
        self.thread.join(60)
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(20)

    def withdraw(self) -> None:
        """Withdraw the article; whoever holds the editor calls this."""
        wait_until(lambda: self._withdrawn() > 0, 30, 1)

    def _withdrawn(self) -> float:
        self.edits.withdrawn_at = self._told(f"withdraw {WITHDRAWN.split('/')[2]}")
        return self.edits.withdrawn_at

    def _edit(self) -> None:
        number = 0
        while not self.enough.wait(self.every):
            number += 1
            with self.lock:
                self._say(number)

    def _say(self, number: int) -> None:
        done = self._told(f"say {number}")
        if done:
            self.edits.editions.append((done, number))
        else:
            self.edits.refused += 1

    def _told(self, line: str) -> float:
        if self.process.stdin is None or self.process.stdout is None or self.process.poll() is not None:
            return 0
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline() or 0)


def stale(looks: Sequence[Look], edits: Edits) -> list[Look]:
    """Return pages that showed an older edition than the last one of more than BOUND seconds before they were asked for.

    The soonest free times are none of them: they say themselves that they may be kept for a minute.
    """
    found = []
    for one in (each for each in looks if each.path in PAGES):
        known = max((number for at, number in edits.editions if at + BOUND < one.at), default=-1)
        if 0 <= one.edition < known:
            found.append(one)
    return found


def reckon_pages(findings: Findings, looks: Sequence[Look], edits: Edits) -> None:
    """Note what readers were answered."""
    over = edits.withdrawn_at or float("inf")
    kept = [one for one in looks if one.path in PAGES and (one.path != WITHDRAWN or one.at < over - BOUND)]
    statuses = Counter(one.status for one in kept)
    # Asked for around the withdrawal, it may be there or not.
    gone = Counter(one.status for one in looks if one.path == WITHDRAWN and one.at >= over - BOUND)
    shown = sum(one.path == WITHDRAWN and one.status == 200 and one.at > over + BOUND for one in looks)
    findings.count("public pages asked for", len(kept))
    findings.must("public pages answered 5xx", sum(each for status, each in statuses.items() if status >= 500), 0)
    findings.must("public pages cut off", statuses[CUT], 0)
    findings.must("public pages with any other answer than 200", len(kept) - statuses[200], 0)
    findings.count("where the withdrawn article was: 404, and 503 while the database is away", (gone[404], gone[503]))
    findings.must(f"the withdrawn article, shown more than {BOUND:.0f} s later", shown, 0)
    findings.must(f"pages with words that were edited more than {BOUND:.0f} s before", len(stale(looks, edits)), 0)
    findings.count("slowest public page, seconds", f"{max((one.seconds for one in kept), default=0):.1f}")
