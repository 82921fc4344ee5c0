"""Faults on the way in: web processes are killed, the database crashes; visitors send again."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from functools import partial
from pathlib import Path

from scripts.faulting.accounts import all_sent, reckon_mails, reckon_requests, was_written
from scripts.faulting.databases import Database, PostgreSQL
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.mailserver import Delays, MailServer
from scripts.faulting.site import Site, running
from scripts.faulting.visitors import CUT, Crowd, Visitor

VISITORS_AT_ONCE = 6
# Seconds between kills, at least and at most: a new process must come to answer somebody.
BETWEEN_KILLS = (0.2, 1.0)
# Seconds a web process runs between two looks into the database.
STEP = 0.0005
# Seconds the database stays away when it is not started again at once.
AWAY = 3.0


def killed_web(database: Database, folder: Path, *, kills: int, aimed: int, seed: int) -> Findings:
    """Kill web processes at random under load, and then just after the commit, before the answer."""
    findings = Findings(
        f"3  Web processes killed (SIGKILL): {kills} under load, {aimed} after the commit", database.name
    )
    site = Site(database, folder)
    chance = random.Random(seed)  # noqa: S311  no secret
    with MailServer() as server, running(site):
        crowd = Crowd(site, partial(was_written, database))
        enough = threading.Event()
        threads = crowd.begin(VISITORS_AT_ONCE, enough.is_set)
        killed = 0
        while killed < kills:
            time.sleep(chance.uniform(*BETWEEN_KILLS))
            if pids := site.web_processes():
                killed += send_signal(chance.choice(pids), signal.SIGKILL)
        enough.set()
        crowd.wait(threads)
        findings.count("at random: forms that were cut off", crowd.answers[CUT])
        findings.count("at random: of these, already in the database", cut_when_written(crowd))
        tries = 0
        while (hits := cut_when_written(crowd, aimed_only=True)) < aimed and tries < 10 * aimed:
            tries += 1
            kill_after_commit(site, crowd.come())
        findings.count("aimed: tries", tries)
        findings.must("aimed: killed after the commit and before the answer", hits, aimed)
        site.start_worker(server.port)
        all_sent(database, 60)
        reckon_requests(findings, crowd)
        reckon_mails(findings, crowd, [server])
    return findings


def cut_when_written(crowd: Crowd, *, aimed_only: bool = False) -> int:
    """Return how often a form was cut off after its request was written."""
    return sum(visitor.cut_when_written for visitor in crowd.visitors if visitor.aimed_at or not aimed_only)


def kill_after_commit(site: Site, visitor: Visitor) -> None:
    """Let the web processes run in tiny steps until the request is written, and kill them there; then send it again."""
    visitor.aimed_at = True
    wait_until(lambda: len(site.web_processes()) > 1, 10)
    wait_until(visitor.open_form, 10)
    sending = threading.Thread(target=visitor.send)
    sending.start()
    while sending.is_alive():
        time.sleep(STEP)
        pids = site.web_processes()
        for pid in pids:
            send_signal(pid, signal.SIGSTOP)
        written = was_written(site.database, visitor.email)
        for pid in pids:
            send_signal(pid, signal.SIGKILL if written else signal.SIGCONT)
        if written:
            break
    sending.join()
    visitor.insist_on_sending()


def send_signal(pid: int, number: signal.Signals) -> bool:
    """Send a signal to a web process; return whether it was there."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def crashing_database(database: PostgreSQL, folder: Path, *, crashes: int) -> Findings:
    """Let the database crash under load, sometimes for seconds, while web server and worker go on."""
    findings = Findings(f"4  The database crashes {crashes} times under load", database.name)
    # The lease is over before the pool gives a connection again: what was handed over must be recorded all the same.
    site = Site(database, folder, lease=6, mail_timeout=2)
    with MailServer(Delays(before_keeping=0.02)) as server, running(site):
        worker = site.start_worker(server.port)
        crowd = Crowd(site)
        enough = threading.Event()
        threads = crowd.begin(VISITORS_AT_ONCE, enough.is_set)
        waits = []
        for number in range(crashes):
            time.sleep(1)
            if number % 2:
                database.cluster.crash()
                time.sleep(AWAY)
                database.cluster.start()
            else:
                database.cluster.restart()
            waits.append(until_received(crowd))
        enough.set()
        crowd.wait(threads)
        all_sent(database, 60)
        ended = sum(process.poll() is not None for process in (site.web, worker) if process)
        findings.must("web server and worker that ended", ended, 0)
        unavailable = sum(visitor.unavailable for visitor in crowd.visitors)
        with_phone = sum(visitor.with_phone for visitor in crowd.visitors)
        findings.must("error pages that give everything back that was typed", with_answers(crowd), unavailable)
        findings.must("error pages with the phone number", with_phone, unavailable)
        slowest = max(visitor.longest for visitor in crowd.visitors)
        findings.count("slowest answer, seconds", f"{slowest:.1f}")
        findings.count("longest until the next request was received once the database was back", f"{max(waits):.1f}")
        reckon_requests(findings, crowd)
        reckon_mails(findings, crowd, [server])
    return findings


def until_received(crowd: Crowd) -> float:
    """Return how many seconds pass until somebody is told that a request was received."""
    began, told = time.monotonic(), len(crowd.received)
    wait_until(lambda: len(crowd.received) > told, 30)
    return time.monotonic() - began


def with_answers(crowd: Crowd) -> int:
    """Return how many error pages gave everything back."""
    lost = sum("the error page lost" in words for words in crowd.complaints)
    return sum(visitor.unavailable for visitor in crowd.visitors) - lost
