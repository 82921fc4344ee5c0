"""What is done to the nodes, one after the other, and what visitors were answered around each of it."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from scripts.cluster import Cluster
from scripts.faulting.disks import Disk
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.nodes import CACHE, WEB, WORKERS, Nodes
from scripts.faulting.reading import CUT, MOMENTARY, PAGES, Editor, Look, Readers

# Seconds until everything must be well again.
RECOVERY = 90
# What still belongs to a damage after everything is well again.
AFTERMATH = 3.0


@dataclass
class Event:
    """A damage: what, and when it began, and when everything was well again (Unix seconds)."""

    name: str
    began: float
    ended: float = 0


@dataclass
class Damage:
    """Everything that is done to the nodes.

    Attributes:
        full_for: seconds for which a disk is full.
        away_for: seconds for which a server stays away when it is not started again at once.
    """

    nodes: Nodes
    cluster: Cluster
    disks: dict[str, Disk]
    readers: Readers
    editor: Editor
    full_for: float
    away_for: float

    def all(self) -> list[tuple[str, Callable[[], None]]]:
        """Return what is done, in order."""
        done: list[tuple[str, Callable[[], None]]] = []
        for name in WEB:
            done.append((f"{name}: kill -9 of the process that answers", partial(self.nodes.kill_children, name)))
            done.append((f"{name}: kill -9 of the first process", partial(self.nodes.kill, name)))
        done += [(f"{name}: kill -9", partial(self.nodes.kill, name)) for name in WORKERS]
        return [
            *done,
            ("PostgreSQL: crash, started again at once", self.restart_database),
            (f"PostgreSQL: kill -9, away for {self.away_for:.0f} s; web A is killed meanwhile", self.database_away),
            (f"{CACHE}: kill -9, away for {self.away_for:.0f} s", self.cache_away),
            (f"Disk of PostgreSQL full for {self.full_for:.0f} s", self.database_full),
            (f"Disk of the site (logs, uploads) full for {self.full_for:.0f} s", self.site_full),
        ]

    def run(self, seconds: float) -> list[Event]:
        """Do all of it within so many seconds, at equal distances; return when what was done."""
        began, events, planned = time.monotonic(), [], self.all()
        for number, (name, act) in enumerate(planned):
            wait_until(lambda: time.monotonic() >= began + seconds * number / len(planned), seconds)  # noqa: B023
            event = Event(name, time.time())
            events.append(event)
            act()
            wait_until(self.nodes.is_well, RECOVERY, 0.2)
            event.ended = time.time()
            print(f"  {name}: {event.ended - event.began:.1f} s", flush=True)
        wait_until(lambda: time.monotonic() >= began + seconds, seconds)
        return events

    @contextlib.contextmanager
    def pages_kept(self) -> Iterator[None]:
        """Hold the editor and have every page kept: what nobody has asked for since an edit cannot be shown without a database."""
        with self.editor.lock:
            self.readers.warm()
            yield

    def restart_database(self) -> None:
        """Let the database crash and start it again."""
        with self.pages_kept():
            self.cluster.restart()

    def database_away(self) -> None:
        """Withdraw an article, kill the database, and let it be away; a web server that starts meanwhile knows nothing itself."""
        with self.editor.lock:
            self.editor.withdraw()
            self.readers.warm()
            self.cluster.crash()
            time.sleep(self.away_for / 3)
            self.nodes.kill(WEB[0])
            time.sleep(self.away_for * 2 / 3)
            self.cluster.start()

    def cache_away(self) -> None:
        """Kill Valkey and let it be away."""
        self.nodes.hold(CACHE)
        time.sleep(self.away_for)
        self.nodes.release(CACHE)

    def database_full(self) -> None:
        """Fill the database's disk; where it gives up, it is started again once there is space."""
        disk = self.disks["database"]
        with self.pages_kept():
            self.keep_full(disk)
            disk.clear()
            wait_until(self.database_starts, RECOVERY, 1)

    def database_starts(self) -> bool:
        """Return whether the database answers; start it where it has ended."""
        if not self.cluster.runs():
            self.cluster.start(check=False)
        return self.cluster.runs()

    def site_full(self) -> None:
        """Fill the disk with logs and uploads."""
        disk = self.disks["site"]
        self.keep_full(disk)
        disk.clear()

    def keep_full(self, disk: Disk) -> None:
        """Keep a disk full for a while."""
        until = time.monotonic() + self.full_for
        while time.monotonic() < until:
            # Whatever was given back meanwhile is taken again.
            disk.fill()
            time.sleep(0.2)


def tell(findings: Findings, events: Sequence[Event], looks: Sequence[Look], began: float) -> None:
    """Note for every damage when it was, how long until all was well, and what readers of public pages were answered."""
    for event in events:
        around = [one for one in looks if event.began <= one.at + one.seconds and one.at <= event.ended + AFTERMATH]
        kept = Counter(one.status for one in around if one.path in PAGES)
        found, soonest = (Counter(one.status for one in around if one.path == path) for path in MOMENTARY)
        slowest = max((one.seconds for one in around if one.path in PAGES), default=0)
        findings.count(
            f"{event.name}: at second; well after s", (round(event.began - began), f"{event.ended - event.began:.1f}")
        )
        findings.count("    public pages", said(kept))
        findings.count("    search with a query", said(found))
        findings.count("    soonest free times, true for a minute", said(soonest))
        findings.count("    slowest public page, seconds", f"{slowest:.1f}")


def causes(findings: Findings, events: Sequence[Event], looks: Sequence[Look], old: Sequence[Look]) -> None:
    """Note 5xx, cuts and `old` words on public pages by the damage in whose time they were answered."""
    found: Counter[tuple[str, str]] = Counter()
    for one in looks:
        if one.path in PAGES and (one.status >= 500 or one.status == CUT):
            names = [each.name for each in events if each.began <= one.at + one.seconds <= each.ended + AFTERMATH]
            found[f"{one.status or 'cut'} {one.path}", names[0] if names else "nothing"] += 1
    for one in old:
        names = [each.name for each in events if each.began <= one.at]
        found["old words", f"after {names[-1]}" if names else "before all"] += 1
    for (what, cause), number in sorted(found.items()):
        findings.count(f"  {what}: {cause}"[:92], number)


def said(statuses: Counter[int]) -> str:
    """Return statuses and how often each came."""
    return ", ".join(f"{status or 'cut'}: {number}" for status, number in sorted(statuses.items())) or "none"
