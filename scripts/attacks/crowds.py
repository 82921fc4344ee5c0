"""Attacks by many at the log-in pages: do the public pages stay quick, and does the owner get in?

Those who crowd the log-in are processes of their own, so that the reader's times are the site's and not this program's.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from scripts.attacks.person import stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.staff import PASSWORD, PROGRAM, form_of, log_in
from scripts.attacks.verdicts import Verdict
from scripts.browser import Browser

HOME, READER, PAGE = "198.18.90.1", "198.18.91.1", "/articles/"
CLIENTS = 8
# A median of few milliseconds is doubled by whatever else the machine does: short runs allow this much on top.
NOISE_SECONDS = 0.02
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field


def crowded_login(site: AttackedSite) -> Verdict:
    """Twelve clients open the log-in page and try to log in without end while somebody reads an article."""
    seconds = 6 if site.quick else 15
    usual, crowded, tried = reading(site, lambda crowd: crowd.submit(crowd_of, 12, open_and_try, site.port, seconds))
    asked = stranger(site, 92).ask()
    return Verdict(
        crowded > most(site, usual) or asked.status != 303,
        f"{len(tried)} tries; median of an article {usual * 1000:.1f} ms without, {crowded * 1000:.1f} ms meanwhile; "
        f"a request was answered with {asked.status}",
        bar(site),
    )


def many_log_ins(site: AttackedSite) -> Verdict:
    """Thousands of tries from as many addresses while the owner logs in and somebody reads articles."""
    site.output_of("shell", "--command", PROGRAM)
    owner = Browser(site.port, HOME)
    log_in(owner, "limited", PASSWORD)
    tries = 160 if site.quick else 10_000
    logged_in: list[int] = []

    def come_home() -> None:
        if len(logged_in) < 3 and 302 not in logged_in:
            owner.cookies.pop("sessionid", None)
            logged_in.append(log_in(owner, "limited", PASSWORD).status)

    usual, crowded, tried = reading(
        site, lambda crowd: crowd.submit(crowd_of, CLIENTS, try_passwords, site.port, tries // CLIENTS), come_home
    )
    told = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(tried).items()))
    return Verdict(
        302 not in logged_in or crowded > most(site, usual),
        f"{told}; the owner: {logged_in}; median of an article {usual * 1000:.1f} ms without, {crowded * 1000:.1f} ms meanwhile",
        f"the owner gets in within three tries; {bar(site)}",
    )


def reading(
    site: AttackedSite,
    begin: Callable[[ProcessPoolExecutor], Future[list[int]]],
    now_and_then: Callable[[], None] = lambda: None,
) -> tuple[float, float, list[int]]:
    """Read an article before, while and after a crowd is at the log-in.

    Returns:
        the median without the crowd and with it, in seconds, and what the crowd was answered.
    """
    reader = Browser(site.port, READER)
    reader.get(PAGE)
    without = [read(reader) for _ in range(50)]
    meanwhile: list[float] = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as crowd:
        done = begin(crowd)
        for number in itertools.count():
            if done.done():
                break
            meanwhile.append(read(reader))
            if number % 20 == 19:
                now_and_then()
        tried = done.result()
    without += [read(reader) for _ in range(50)]
    # The crowd's process takes a moment to start, in which nobody is at the log-in.
    return statistics.median(without), statistics.median(meanwhile[len(meanwhile) // 5 :]), tried


def read(reader: Browser) -> float:
    """Open an article, wait a little, and return how long it took."""
    seconds = reader.get(PAGE).seconds
    time.sleep(0.02)
    return seconds


def most(site: AttackedSite, usual: float) -> float:
    """Return how long an article may take meanwhile."""
    return max(2 * usual, usual + NOISE_SECONDS) if site.quick else 2 * usual


def bar(site: AttackedSite) -> str:
    """Return the same in words."""
    return "articles take at most twice as long" + (" or 20 ms more" if site.quick else "")


def crowd_of(clients: int, what: Callable[[int, int, int], list[int]], port: int, size: int) -> list[int]:
    """Let so many clients do the same at once, in the process that this is called in; return all answers."""
    with ThreadPoolExecutor(clients) as threads:
        return [*itertools.chain(*threads.map(what, range(clients), [port] * clients, [size] * clients))]


def open_and_try(client: int, port: int, seconds: int) -> list[int]:
    """Open the page and try a password, from ever new addresses, until the time is over."""
    until = time.monotonic() + seconds
    answers: list[int] = []
    while time.monotonic() < until:
        attacker = Browser(port, f"198.19.{client + 100}.{len(answers) % 250 + 1}")
        answers.append(log_in(attacker, "limited", "wrong").status)
    return answers


def try_passwords(client: int, port: int, tries: int) -> list[int]:
    """Open the form once and send it from ever new addresses, as an attacker would who is in a hurry."""
    attacker = Browser(port, f"10.{client}.0.1")
    path, fields = form_of(attacker)
    while TOKEN not in fields:
        path, fields = form_of(attacker)
    answers: list[int] = []
    for number in range(tries):
        attacker.address = f"10.{client}.{number // 250}.{number % 250 + 1}"
        named = "limited" if number % 2 else f"somebody{number}"
        answers.append(attacker.post(path, fields | {"username": named, "login": named, "password": "wrong"}).status)
    return answers
