"""`make replica`: two web servers on one PostgreSQL with a streaming copy, which lags, dies and hangs; and staff who use both.

Says of each step what it must be. Needs PostgreSQL and Valkey or Redis on this machine, and leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from scripts.browser import Browser
from scripts.cluster import FASTEST, Cluster, as_user, server_binaries, throwaway_cluster
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.site import OURS, Site, running
from scripts.processes import HOST, children, free_port, valkey

ARTICLE = "/articles/exosomes-vs-prp/"
PAGES = ("/", "/faq/", "/therapies/", "/centers/", "/articles/", "/compare/")
DESK = "/admin/content/"
NAME, PASSWORD, ANOTHER = "staff-of-this-run", "green-Lantern-41-otter", "blue-Candle-57-heron"


class Node(Site):
    """A web server that reads public pages from the copy."""

    replica_url = cache_url = ""

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Add the copy and the shared cache."""
        return super().environment(mail_port) | {"REPLICA_URL": self.replica_url, "CACHE_URL": self.cache_url}

    def get(self, path: str) -> tuple[int, str]:
        """Return status and page."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class StaffBrowser(Browser):
    """Somebody of the staff, whose cookies go to both web servers."""

    token = ""

    def ask(self, node: Node, path: str, **fields: str) -> str:
        """Return a page, after its redirects; fields are sent with the token that the page before held."""
        self.port = node.port
        answer = self.post(path, fields | {"csrfmiddlewaretoken": self.token}) if fields else self.get(path)
        while answer.location:
            path = answer.location
            answer = self.get(path)
        self.token = answer.hidden().get("csrfmiddlewaretoken", "")
        return answer.text if "/login/" not in path else "login"

    def log_in(self, node: Node, password: str) -> str:
        """Log in."""
        self.ask(node, "/admin/login/")
        return self.ask(node, "/admin/login/", login=NAME, username=NAME, password=password)

    def is_in(self, node: Node) -> bool:
        """Return whether the desk opens."""
        return self.ask(node, DESK) != "login"


def main() -> int:
    """Run all steps; return 0 when every one was as it must be."""
    binaries = server_binaries()
    program = valkey()
    if not binaries or not program:
        sys.exit("Needs PostgreSQL and Valkey or Redis on this machine.")
    with tempfile.TemporaryDirectory(prefix="clinic-replica-") as name, throwaway_cluster(binaries) as primary:
        folder, database, port = Path(name), PostgreSQL(primary, "postgres"), free_port()
        nodes = [Node(database, folder / one) for one in ("a", "b")]
        for node in nodes:
            node.folder.mkdir()
            node.cache_url = f"redis://{HOST}:{port}"
        for command in ("migrate", "load_library"):
            nodes[0].manage(command, "--verbosity", "0")
        nodes[0].manage("collectstatic", "--no-input", "--verbosity", "0")
        with copied(primary) as copy, shared_cache([program, "--port", str(port), "--save", ""]) as cache:
            for node in nodes:
                node.replica_url = copy.url
            for variable in OURS:
                os.environ.pop(variable, None)
            os.environ.update(nodes[0].environment() | {"REPLICA_URL": ""})
            findings = Findings("Two web servers and a copy", "postgresql")
            try:
                with running(nodes[0]), running(nodes[1]):
                    steps(findings, nodes, primary, copy)
                    staff(findings, nodes, cache)
            finally:
                findings.end()
                print(*findings.lines(), sep="\n")
    return int(findings.failed)


@contextlib.contextmanager
def copied(primary: Cluster) -> Iterator[Cluster]:
    """Yield a second server that follows the first by streaming, and writes every statement into its log."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir="/tmp"))
    if primary.user:
        shutil.chown(folder, primary.user)
    copy = dataclasses.replace(primary, folder=folder, options=f"{FASTEST} -c log_statement=all")
    names = ["-D", str(folder / "data"), "-R", "-c", "fast", "-h", str(primary.folder), "-U", "clinic"]
    try:
        as_user(primary.user, [str(primary.binaries / "pg_basebackup"), *names], folder)
        copy.start()
        yield copy
    finally:
        signal_all(copy, signal.SIGCONT)
        copy.control("-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def shared_cache(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the cache server of both."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def steps(findings: Findings, nodes: list[Node], primary: Cluster, copy: Cluster) -> None:
    """Edit, withdraw, lag, die, hang and come back."""
    edits: Any = importlib.import_module("scripts.machine.edits")
    wait_until(lambda: position(primary) == position(copy), 10)
    before = drawn(copy)
    findings.must("pages of both: statuses", statuses(nodes), (200,))
    findings.must("statements that drew them from the copy", drawn(copy) > before, True)
    findings.must(
        "an edit is seen on both within 1 s", seen(nodes, edits.say("Closed on Monday"), "Closed on Monday"), True
    )

    ask(copy, "SELECT pg_wal_replay_pause()")
    edits.say("Closed on Tuesday")
    behind = drawn(copy)
    findings.must(
        "replay paused: an edit is seen on both within 1 s", seen(nodes, time.time(), "Closed on Tuesday"), True
    )
    was = tuple(node.get(ARTICLE)[0] for node in nodes)
    edits.withdraw()
    gone = wait_until(lambda: {node.get(ARTICLE)[0] for node in nodes} == {404}, 1)
    findings.must("an article that is withdrawn: before, gone from both within 1 s", (was, gone), ((200, 200), True))
    listed = sum(ARTICLE in node.get(path)[1] for node in nodes for path in PAGES)
    findings.must("pages that still name it", listed, 0)
    findings.must("statements that drew pages from the copy meanwhile", drawn(copy) - behind, 0)
    ask(copy, "SELECT pg_wal_replay_resume()")
    wait_until(lambda: position(primary) == position(copy), 10)
    statuses(nodes, "?resumed=1")
    findings.must("replay resumed: pages are drawn from the copy again", drawn(copy) > behind, True)

    copy.crash()
    findings.must(
        "the copy is killed: statuses of 5 rounds",
        statuses(nodes, *[f"?killed={number}" for number in range(5)]),
        (200,),
    )
    lines = [node.said("web", "The replica cannot be used") for node in nodes]
    findings.must("lines about it, one from each process that met it at most", all(0 < one <= 2 for one in lines), True)
    others = sum(node.said("web", "psycopg.pool") for node in nodes)
    findings.must("other lines about it", others, 0)
    copy.start()
    time.sleep(10)
    before = drawn(copy)
    findings.must("the copy is back: statuses", statuses(nodes, "?back=1", "?back=2"), (200,))
    findings.must("pages are drawn from the copy again", drawn(copy) > before, True)

    signal_all(copy, signal.SIGSTOP)
    began = time.monotonic()
    findings.must(
        "the copy hangs: statuses of 3 rounds", statuses(nodes, *[f"?hangs={number}" for number in range(3)]), (200,)
    )
    findings.count("seconds for these 36 pages, one after the other", round(time.monotonic() - began, 1))
    signal_all(copy, signal.SIGCONT)


def staff(findings: Findings, nodes: list[Node], cache: subprocess.Popen[bytes]) -> None:
    """Use both with one session; it ends on both at once, with or without the cache."""
    accounts: Any = importlib.import_module("django.contrib.auth.models").User.objects
    person = accounts.create_superuser(NAME, password=PASSWORD)
    one, other = nodes
    here, there = StaffBrowser(0), StaffBrowser(0)
    here.log_in(one, PASSWORD)
    there.log_in(other, PASSWORD)
    findings.must("logged in on one: the desk opens on both", (here.is_in(one), here.is_in(other)), (True, True))
    cache.kill()
    cache.wait()
    findings.must("the cache is killed: the desk opens on both", (here.is_in(one), here.is_in(other)), (True, True))
    here.ask(one, "/admin/logout/", really="yes")
    findings.must("logged out on one: the desk opens", (here.is_in(one), here.is_in(other)), (False, False))
    findings.must("the other browser: the desk opens", (there.is_in(one), there.is_in(other)), (True, True))
    person.set_password(ANOTHER)
    person.save()
    findings.must("password changed: the desk opens", (there.is_in(one), there.is_in(other)), (False, False))


def statuses(nodes: list[Node], *queries: str) -> tuple[int, ...]:
    """Ask for all pages of all nodes and return the statuses that came."""
    return tuple({node.get(path + query)[0] for query in queries or ("",) for node in nodes for path in PAGES})


def seen(nodes: list[Node], since: float, words: str) -> bool:
    """Return whether words stand on a page of every node less than a second after a moment."""
    came = wait_until(lambda: all(words in node.get("/faq/")[1] for node in nodes), 5, pause=0.02)
    return came and time.time() - since < 1


def drawn(copy: Cluster) -> int:
    """Return how many statements read pages from the copy so far."""
    text = (copy.folder / "log").read_text(errors="replace")
    return text.count('FROM "content_') - text.count('FROM "content_contentversion"')


def ask(cluster: Cluster, question: str) -> Any:
    """Return the first value of an answer."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        return connection.execute(question.encode()).fetchone()[0]  # type: ignore[index]  # all of these have a row


def position(cluster: Cluster) -> str:
    """Return how far a server has come in the log that the copy follows."""
    standby = "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END"
    return str(ask(cluster, f"SELECT {standby}"))


def signal_all(cluster: Cluster, number: signal.Signals) -> None:
    """Send a signal to all processes of a server."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        first = int((cluster.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        for pid in (first, *children(first)):
            os.kill(pid, number)


if __name__ == "__main__":
    sys.exit(main())
