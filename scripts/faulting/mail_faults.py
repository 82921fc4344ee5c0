"""Faults on the way out: the mail server fails, workers are killed, workers compete."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.faulting.accounts import all_sent, reckon_mails, reckon_requests, time_passes, unsent
from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.load_control import plant_under_load
from scripts.faulting.mailserver import Delays, Dialogue, MailServer, Mood
from scripts.faulting.site import Site, running
from scripts.faulting.visitors import Crowd, Visitor

MOODS = (Mood.REFUSING, Mood.BUSY, Mood.SILENT, Mood.STUCK, Mood.DYING, Mood.DYING_LATE)
# Long enough that a kill at random meets every step.
TALKATIVE = Delays(greeting=0.05, recipient=0.05, before_keeping=0.1, before_saying_so=0.15, goodbye=0.15)
BEFORE = "before the server kept the mail"
BETWEEN = "between hand-over and record"
AFTER = "after the record"
# For a commit that was on its way to the database server when the worker died.
LAST_WORDS = 0.2


def failing_mail_server(database: Database, folder: Path, *, requests: int) -> Findings:
    """Let every mail fail in every way a mail server can fail, then let them leave."""
    findings = Findings("1  The mail server fails in six ways, then recovers; 2 workers", database.name)
    site = Site(database, folder, mail_timeout=1)
    with MailServer() as server, running(site):
        crowd = Crowd(site)
        crowd.load(requests)
        server.become(Mood.REFUSING)
        for _ in range(2):
            site.start_worker(server.port)
        for mood in MOODS:
            server.become(mood)
            before = attempts(database)
            time_passes(database)
            refused = not crowd.come().ask()
            wait_until(partial(all_tried, database, before), 60)
            numbers = refused + 0, not_tried(database, before), server.deliveries().total()
            findings.must(f"{mood.value}: requests refused, mails not tried, mails that left", numbers, (0, 0, 0))
        server.become(Mood.HEALTHY)
        all_sent(database, 60)
        findings.count("attempts in all", sum(attempts(database).values()))
        reckon_requests(findings, crowd)
        reckon_mails(findings, crowd, [server])
    return findings


def attempts(database: Database) -> dict[int, int]:
    """Return how often each mail has been tried so far."""
    return dict(database.ask("SELECT id, attempts FROM consultations_message"))


def not_tried(database: Database, before: dict[int, int]) -> int:
    """Return how many mails have not been tried since `before`, or do not wait for their next try."""
    rows = database.ask("SELECT id, attempts, state FROM consultations_message")
    waiting = {number for number, tried, state in rows if tried > before.get(number, 0) and state == "queued"}
    return len(before.keys() - waiting)


def all_tried(database: Database, before: dict[int, int]) -> bool:
    """Return whether every mail has been tried since `before` and waits for its next try."""
    return not not_tried(database, before)


@dataclass
class Killer:
    """Starts workers that speak to one mail server, and kills each of them in the middle of a dialogue."""

    site: Site
    server: MailServer
    chance: random.Random
    killed: Counter[str]
    explained: Counter[int]

    def kill(self, times: int) -> None:
        """Kill so many workers."""
        for _ in range(times):
            spoken = len(self.server.dialogues)
            worker = self.site.start_worker(self.server.port)
            if not wait_until(partial(self.speaks, spoken), 60, 0.005):
                self.killed["never spoke to the mail server"] += 1
            time.sleep(self.chance.uniform(0, 1.2 * TALKATIVE.total()))
            worker.kill()
            worker.wait()
            self.classify(self.server.dialogues[-1])

    def speaks(self, spoken: int) -> bool:
        """Return whether a dialogue has begun since there were `spoken`."""
        return len(self.server.dialogues) > spoken

    def classify(self, dialogue: Dialogue) -> None:
        """Note where the kill fell: what the server has kept by now, and what the database says of it."""
        wait_until(lambda: dialogue.closed, 5, 0.005)
        time.sleep(LAST_WORDS)
        if not dialogue.kept:
            self.killed[BEFORE] += 1
            return
        rows = self.site.database.ask("SELECT state FROM consultations_message WHERE id = %s", dialogue.message)
        if rows == [("sent",)]:
            self.killed[AFTER] += 1
        else:
            self.killed[BETWEEN] += 1
            self.explained[dialogue.message] += 1


def killed_workers(database: Database, folder: Path, *, kills: int, seed: int) -> Findings:
    """Kill workers while they speak to the mail server; then let others finish."""
    findings = Findings(f"2  {kills} workers killed while delivering (SIGKILL)", database.name)
    site = Site(database, folder, lease=5, mail_timeout=2)
    with MailServer(TALKATIVE) as one, MailServer(TALKATIVE) as other, running(site):
        crowd = Crowd(site)
        crowd.load(kills)
        killers = [
            Killer(site, server, random.Random(seed + number), Counter(), Counter())  # noqa: S311  no secret
            for number, server in enumerate((one, other))
        ]
        shares = (kills // 2, kills - kills // 2)
        threads = [
            threading.Thread(target=killer.kill, args=[share]) for killer, share in zip(killers, shares, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        killed = sum((killer.killed for killer in killers), Counter[str]())
        one.delays = other.delays = Delays()
        for server in (one, other):
            site.start_worker(server.port)
        all_sent(database, 60)
        findings.must("killed in a dialogue", sum(killed[place] for place in (BEFORE, BETWEEN, AFTER)), kills)
        for place in (BEFORE, BETWEEN, AFTER):
            findings.count(f"killed {place}", killed[place])
        reckon_requests(findings, crowd)
        explained = sum((killer.explained for killer in killers), Counter[int]())
        reckon_mails(findings, crowd, [one, other], explained)
    return findings


def competing_workers(database: Database, folder: Path, *, requests: int, workers: int = 4) -> Findings:
    """Let several workers empty one queue while more comes in."""
    findings = Findings(f"5  {workers} workers at one queue", database.name)
    site = Site(database, folder)
    with MailServer(Delays(before_keeping=0.01)) as server, running(site):
        crowd = Crowd(site)
        crowd.load(requests // 2)
        waiting = unsent(database)
        for _ in range(workers):
            site.start_worker(server.port)
        wait_until(lambda: bool(server.dialogues), 30)
        crowd.load(requests - requests // 2, at_once=2)
        all_sent(database, 60)
        times = sorted(dialogue.kept for dialogue in server.dialogues if dialogue.kept)
        findings.count("mails waiting when the workers came", waiting)
        findings.count("mails a second", f"{len(times) / max(times[-1] - times[0], 0.001):.0f}" if times else 0)
        reckon_requests(findings, crowd)
        reckon_mails(findings, crowd, [server])
    return findings


def control(database: Database, folder: Path) -> Findings:
    """Plant every kind of damage that the other scenarios look for, and see whether the reckoning finds it."""
    findings = Findings("0  Control: planted damage is found", database.name)
    hurt = Findings("", database.name)
    site = Site(database, folder)
    with MailServer() as server, running(site):
        crowd = Crowd(site)
        crowd.load(4, at_once=1)
        first, second, third = (visitor.email for visitor in crowd.visitors[:3])
        one, other = sorted(attempts(database))[:2]
        # A mail that nobody sent, one that is sent twice, a request that is another's, a key that is forgotten, whose
        # mails then stay behind, and visitors who were never heard.
        database.ask("UPDATE consultations_message SET state = 'sent', sent_at = created_at WHERE id = %s", one)
        worker = site.start_worker(server.port)
        all_sent(database, 60)
        database.ask("UPDATE consultations_message SET state = 'queued' WHERE id = %s", other)
        all_sent(database, 60)
        site.stop(worker)
        database.ask("UPDATE consultations_consultationrequest SET email = %s WHERE email = %s", first, second)
        database.ask("UPDATE consultations_consultationrequest SET key = 'forgotten' WHERE email = %s", third)
        crowd.visitors += [Visitor(site.port, 0), Visitor(site.port, 0)]
        reckon_requests(hurt, crowd)
        reckon_mails(hurt, crowd, [server])
    plant_under_load(database, folder, hurt)
    for what, _, verdict in hurt.rows:
        if verdict:
            findings.must(what, "overlooked" if verdict == "ok" else "found", "found")
    return findings
