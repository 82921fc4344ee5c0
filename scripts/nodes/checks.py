"""What two nodes have to share, asked as people would: by what they are shown. Each returns what it found, and what it must be."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import psycopg

from scripts.faulting.accounts import unsent
from scripts.faulting.findings import Findings, wait_until
from scripts.nodes.client import Guest, NodeBrowser, Staff, asked_for
from scripts.nodes.load import Load, lasting
from scripts.nodes.machines import REQUESTS, Machines

PROFILE = "/admin/content/clinicprofile/"
MOST_SECONDS = 2.0
# Seconds of use before a node is lost, while it is away, and after it came back.
BEFORE, AWAY, AFTER = 5, 20, 15
# Every edit needs this row; a node that is lost in the middle of one holds it.
HOLD = """
import time
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("UPDATE content_contentversion SET number = number")
    print("held", flush=True)
    time.sleep(600)
"""


@dataclass
class Checks:
    """The checks of one run."""

    machines: Machines
    findings: Findings

    @property
    def proxy(self) -> str:
        """Where the site is reached."""
        return self.machines.network.address("proxy")

    def staff(self) -> Staff:
        """Return somebody who may do all at the desk, not logged in yet."""
        return Staff(self.proxy, "192.0.2.7")

    def run(self) -> None:
        """Check what is shared."""
        must = self.findings.must
        must(
            "log in at A; the desk opens at A, at B; log out at A; it opens at B", self.sessions(), (True, True, False)
        )
        must("a form fetched from A, sent to B, its page opened at A", self.form(), (200, 303, 200))
        accepted, *refused = self.limit()
        must("of an address that asks A and B in turns: requests received", accepted, REQUESTS)
        must("after that at A, at B", tuple(refused), (429, 429))
        must(
            "a page drawn by A: B gives it out from Valkey, with the same tag", self.pages("/faq/"), ("kept page", True)
        )
        seconds = self.edit()
        self.findings.count("an edit at the desk of A: seconds until B shows it", f"{seconds:.2f}")
        must("that is in time", seconds <= MOST_SECONDS, True)
        must("mails of a request sent to A that B's worker sent, while A has none", self.queue(), 2)

    def sessions(self) -> tuple[bool, ...]:
        """Log in at A, look at both, log out at A, look at B; the middle one tells of B."""
        staff = self.staff()
        staff.log_in("a")
        found = staff.is_in("a"), staff.is_in("b")
        staff.log_out("a")
        return *found, staff.is_in("b")

    def form(self) -> tuple[int, ...]:
        """Open the form at A, send it to B, and open the private page at A."""
        guest = Guest(self.proxy, 1).at("a")
        opened = guest.open_form()
        sent = guest.at("b").post()
        page, _, _ = guest.at("a").call("GET", guest.seen[-1].header("Location"))
        return 200 * opened, sent, page

    def limit(self) -> tuple[int, ...]:
        """Send forms from one address to both in turns; return how many were received, and what each node says of the next one."""
        tries = range(2 * REQUESTS)
        answers = [self.ask_from("192.0.2.99", number, "ab"[number % 2]) for number in tries]
        return answers.count(303), *(self.ask_from("192.0.2.99", 100 + len(node), node) for node in "ab")

    def ask_from(self, address: str, number: int, node: str) -> int:
        """Send a form of a new visitor from an address, and return the status."""
        guest = Guest(self.proxy, 100 + number, address).at(node)
        guest.open_form()
        return guest.post()

    def pages(self, path: str) -> tuple[str, bool]:
        """Return how B answers for a page that A has drawn, and whether it is the same page."""
        reader = NodeBrowser(self.proxy, "192.0.2.8")
        path = f"{path}?drawn={time.time_ns()}"
        drawn = reader.open(path, "a")
        before = len(self.machines.views("b"))
        given = reader.open(path, "b")
        wait_until(lambda: len(self.machines.views("b")) > before, 10)
        return "".join(self.machines.views("b")[before:]), drawn.header("ETag") == given.header("ETag") != ""

    def edit(self) -> float:
        """Change the clinic's phone number at A; return after how many seconds B shows it."""
        staff, reader = self.staff(), NodeBrowser(self.proxy, "192.0.2.8")
        staff.log_in("a")
        page = staff.open(PROFILE, "a").header("Location")
        number = f"+1 212 555 {time.time_ns() % 9000 + 1000}"
        reader.open("/faq/", "b")
        saved = staff.fill(page, {"phone": number}, "a")
        if saved.status != 302:
            complaints = re.findall(r'<ul class="errorlist[^>]*>.*?</ul>', saved.text, re.DOTALL)
            raise SystemExit(f"The desk did not save the number: {saved.status} {complaints}")
        began = time.monotonic()
        digits = re.sub(r"\D", "", number)
        wait_until(lambda: f"tel:+{digits}" in reader.open("/faq/", "b").text, 10, 0.02)
        return time.monotonic() - began

    def queue(self) -> int:
        """Send a form to A while the worker of B alone runs; return how many mails more are at the mail server then."""
        machines = self.machines
        machines.start_worker("b")
        wait_until(lambda: not unsent(machines.database), 60, 0.2)
        before = machines.mail.deliveries().total()
        self.ask_from("192.0.2.100", 50, "a")
        wait_until(lambda: machines.mail.deliveries().total() >= before + 2, 30, 0.2)
        return machines.mail.deliveries().total() - before

    def loss(self) -> None:
        """Let A vanish while people use the site, and come back."""
        machines, must = self.machines, self.findings.must
        machines.start_worker("a")
        staff = self.staff()
        staff.log_in()
        load, address = Load(self.proxy, staff), machines.network.address("a")
        with load.running():
            lasting(load, BEFORE)
            used = load.asked_since(0, address) > 0
            self.lose_in_an_edit()
            lost = time.monotonic()
            freed = wait_until(self.row_is_free, AWAY)
            self.findings.count(
                "seconds until a row is free that A was changing when it vanished", f"{time.monotonic() - lost:.1f}"
            )
            must("it is free in time", freed, True)
            lasting(load, max(0, lost + AWAY - time.monotonic()))
            machines.bring_back("a")
            position = len(load.answers)
            lasting(load, AFTER)
            used_again = any(
                asked_for(answer).startswith(address) and "," not in asked_for(answer)
                for _, answer in load.answers[position:]
            )
        must("A was used before it vanished, and is after it came back", (used, used_again), (True, True))
        load.judge(self.findings, machines.database)
        wait_until(lambda: not unsent(machines.database), 180, 1)
        must("mails not sent", unsent(machines.database), 0)

    def lose_in_an_edit(self) -> None:
        """Let A vanish while it holds a row."""
        machines = self.machines
        before = machines.log("a", "edit").count("held") if machines.log_file("a", "edit").exists() else 0
        machines.start("a", "edit", [sys.executable, "manage.py", "shell", "--no-imports", "-c", HOLD])
        if not wait_until(lambda: machines.log("a", "edit").count("held") > before, 60):
            raise SystemExit(f"A holds nothing:\n{machines.log('a', 'edit')}")
        machines.lose("a")

    def row_is_free(self) -> bool:
        """Return whether an edit could be done now."""
        try:
            self.machines.database.ask("SELECT number FROM content_contentversion FOR UPDATE NOWAIT")
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def controls(self) -> None:
        """Break what is shared: the checks have to see it."""
        another_key = "x" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
        broken: tuple[tuple[str, dict[str, str], Callable[[], bool]], ...] = (
            ("B has a cache of its own; it gives A's page out", {"CACHE_URL": "locmem:"}, lambda: self.pages("/faq/")[0] == "kept page"),
            ("B has another SECRET_KEY; a log-in at A opens its desk", {"SECRET_KEY": another_key}, lambda: self.sessions()[1]),
        )  # fmt: skip
        for words, own, check in broken:
            self.machines.own["b"] = own
            self.machines.stop("b", "web")
            self.machines.start_web("b")
            self.findings.must(f"control: {words}", check(), False)
        self.machines.own["b"] = {}
        unasked = quote("-c tcp_keepalives_idle=7200 -c tcp_user_timeout=0")
        self.machines.own["a"] = {"DATABASE_URL": f"{self.machines.environment()['DATABASE_URL']}?options={unasked}"}
        self.lose_in_an_edit()
        words = "control: PostgreSQL does not ask whether A still lives; the row that it held is free in time"
        self.findings.must(words, wait_until(self.row_is_free, AWAY), False)
