"""`make deploy-rehearsal`: a new version with a migration comes to two machines one after the other, under load, and goes again.

The old release is this tree; the new one the same with a column on requests, an index that is built while visitors write, and other
pages and styles. Needs what `make nodes` needs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.faulting.accounts import unsent
from scripts.faulting.findings import Findings, wait_until
from scripts.nodes import releases
from scripts.nodes.client import Guest, NodeBrowser, Staff
from scripts.nodes.load import Load, lasting
from scripts.nodes.machines import NODES, Machines
from scripts.two_nodes import machines

# Seconds of use between two steps.
BETWEEN = 4
# nginx found a node away while it was restarted, and leaves it alone for ten seconds (nodes.conf); were the other one stopped before
# these are over, there would be nobody to ask.
LEFT_ALONE = 12
WROTE = f"SELECT {releases.COLUMN}, count(*) FROM consultations_consultationrequest GROUP BY 1 ORDER BY 1"  # noqa: S608  our own name
VALID = f"SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('{releases.INDEX}') AND indisvalid"  # noqa: S608  likewise


@dataclass
class Rehearsal:
    """One run."""

    machines: Machines
    findings: Findings
    old: Path
    new: Path
    wrong: Path
    steps: list[tuple[str, float]] = field(default_factory=list)

    @property
    def proxy(self) -> str:
        """Where the site is reached."""
        return self.machines.network.address("proxy")

    def run(self) -> None:
        """Go there and back while people use the site; then show what a careless migration does."""
        must = self.findings.must
        staff = Staff(self.proxy, "192.0.2.7")
        staff.log_in()
        for node in NODES:
            self.machines.start_worker(node)
        self.machines.manage(self.new, "collectstatic", "--no-input")
        must(
            "the migration check lets the new release pass, refuses the careless one",
            (self.passes(self.new), self.passes(self.wrong)),
            (True, False),
        )
        load = Load(self.proxy, staff)
        with load.running():
            lasting(load, BETWEEN)
            self.step("migrate, the old code serving", lambda: self.machines.manage(self.new, "migrate", "--no-input"))
            lasting(load, BETWEEN)
            self.roll(load, self.new)
            must("pages of A, B are the new release's", self.marked(), (True, True))
            self.roll(load, self.old)
            must("after the way back they are the old one's", self.marked(), (False, False))
        for words, seconds in self.steps:
            self.findings.count(f"seconds: {words}", f"{seconds:.1f}")
        must("the new index is there, and whole", self.machines.database.ask(VALID)[0][0], 1)
        wrote = dict(self.machines.database.ask(WROTE))
        self.findings.count(
            "requests written by the new code, by the old code once the column was there or before",
            (wrote.get(releases.NEW, 0), wrote.get(releases.OLD, 0)),
        )
        must("both wrote", min(wrote.get(releases.NEW, 0), wrote.get(releases.OLD, 0)) > 0, True)
        load.judge(self.findings, self.machines.database)
        wait_until(lambda: not unsent(self.machines.database), 120, 1)
        must("mails not sent", unsent(self.machines.database), 0)
        self.control()

    def roll(self, load: Load, release: Path) -> None:
        """Bring a release to one node after the other, then to the workers."""
        words = "new" if release == self.new else "old"
        for node in NODES:
            self.step(f"{words} release on {node}, until it is ready", lambda: self.web(node, release))  # noqa: B023  called at once
            lasting(load, LEFT_ALONE)
        for node in NODES:
            self.machines.stop(node, "worker")
            self.machines.start_worker(node)
        lasting(load, BETWEEN)

    def web(self, node: str, release: Path) -> None:
        """Restart a web server with the code of a release."""
        self.machines.stop(node, "web")
        self.machines.releases[node] = release
        self.machines.start_web(node)

    def step(self, words: str, work: Callable[[], None]) -> None:
        """Do something, and note how long it took."""
        began = time.monotonic()
        work()
        self.steps.append((words, time.monotonic() - began))

    def marked(self) -> tuple[bool, ...]:
        """Return whether each node shows pages of the new release, past what the proxy keeps."""
        reader = NodeBrowser(self.proxy, "192.0.2.8")
        return tuple(releases.MARK in reader.open("/faq/", node).text for node in NODES)

    def passes(self, release: Path) -> bool:
        """Return whether a release's migrations pass the check that `make check` makes."""
        command = [sys.executable, "-m", "scripts.lint_migrations"]
        environment = self.machines.environment()
        done = subprocess.run(command, cwd=release, env=environment, capture_output=True, text=True, check=False)
        return not done.returncode

    def control(self) -> None:
        """Take the column back, and apply a migration that the old code cannot live with: a visitor has to feel it."""
        last = max(path.stem for path in (self.old / "consultations" / "migrations").glob("[0-9]*.py"))
        self.machines.manage(self.new, "migrate", "consultations", last)
        self.machines.manage(self.wrong, "migrate", "--no-input")
        guest = Guest(self.proxy, 1)
        guest.open_form()
        self.findings.must(
            "control: after the careless migration the old code receives a request", guest.post() == 303, False
        )


def main() -> int:
    """Rehearse; return 0 when every number is what it must be."""
    findings = Findings("A new version under load", "postgresql")
    with tempfile.TemporaryDirectory(prefix="clinic-releases-") as name:
        old = releases.this(Path(name, "old"))
        new, wrong = releases.following(Path(name, "new")), releases.careless(Path(name, "wrong"))
        with machines(old) as running:
            Rehearsal(running, findings, old, new, wrong).run()
    findings.end()
    print(*findings.lines(), sep="\n")
    print("\nFailed." if findings.failed else "\nAll as it must be.")
    return int(findings.failed)


if __name__ == "__main__":
    sys.exit(main())
