"""Attacks on the server: slow connections, weak settings, a forged header, a private address in a log."""

from __future__ import annotations

import contextlib
import socket
import statistics
import subprocess
import time

from scripts.attacks.person import stranger
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict
from scripts.browser import Browser
from scripts.faulting.site import MANAGE
from scripts.processes import HOST

WEAK = {
    "SECRET_KEY=abc": {"SECRET_KEY": "abc"},
    "SECRET_KEY of one letter": {"SECRET_KEY": "a" * 60},
    "FIELD_KEYS=secret": {"FIELD_KEYS": "secret"},
    "mail to a folder on https": {"SITE_URL": "https://www.clinic.example", "EMAIL_URL": "file:///tmp/mails"},
    "STAFF_INBOX=nope": {"STAFF_INBOX": "nope"},
    "SITE_URL with a password": {"SITE_URL": "https://user:pw@www.clinic.example"},
}


def slow_connections(site: AttackedSite) -> Verdict:
    """Sixteen silent and eight slow connections are held while somebody reads an article."""
    browser = Browser(site.port, timeout=15)
    usual = statistics.median(browser.get("/articles/").seconds for _ in range(10))
    with contextlib.ExitStack() as stack:
        for number in range(24):
            held = stack.enter_context(socket.create_connection((HOST, site.port), timeout=5))
            if number >= 16:
                held.sendall(b"POST /consultation/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nname=")
        time.sleep(1)
        answers = [browser.get("/articles/") for _ in range(5)]
    slowest = max(answer.seconds for answer in answers)
    return Verdict(
        any(answer.status != 200 for answer in answers) or slowest > 5,
        f"usually {usual * 1000:.0f} ms; meanwhile {[answer.status for answer in answers]}, slowest {slowest:.2f} s",
        "the site answers within 5 s",
    )


def weak_settings(site: AttackedSite) -> Verdict:
    """The site is started with settings that nobody should run."""
    started = []
    for name, setting in WEAK.items():
        done = subprocess.run(
            [*MANAGE, "check"],
            cwd=site.checkout,
            env=site.environment() | setting,
            capture_output=True,
            text=True,
            check=False,
        )
        if not done.returncode:
            started.append(name)
        elif any(value in done.stderr for value in ("pw@", "secret'")) or "Traceback" in done.stderr:
            started.append(f"{name} (says too much)")
    return Verdict(bool(started), f"started with {', '.join(started) or 'none'}", "a sentence stops each start")


def told_https(site: AttackedSite) -> Verdict:
    """Somebody who is no trusted proxy says that the connection is encrypted; run as a site on https behind a proxy elsewhere."""
    other = AttackedSite(
        site.database,
        site.folder,
        site.checkout,
        TRUSTED_PROXIES="192.0.2.1",
        SITE_URL="https://127.0.0.1",
        EMAIL_URL="console:",
    )
    try:
        other.open()
        answer = Browser(other.port).get("/articles/", **{"X-Forwarded-Proto": "https"})
    finally:
        other.close()
    return Verdict(answer.status == 200, f"answered with {answer.status}", "301 to https: the header is not believed")


def log_repeats_link(site: AttackedSite) -> Verdict:
    """A private address arrives in requests that the server cannot read; its log is looked through."""
    person = stranger(site, 70)
    person.ask()
    token = person.private.strip("/").rpartition("/")[2]
    for line in (
        f"GET {person.private} HTTP/9.9",
        f"GET {person.private}",
        f"GET {person.private}\x01 HTTP/1.1",
        f"BAD\x00 {person.private} HTTP/1.1",
    ):
        with contextlib.suppress(OSError), socket.create_connection((HOST, site.port), timeout=5) as raw:
            raw.sendall(f"{line}\r\nHost: 127.0.0.1\r\n\r\n".encode())
            raw.recv(1000)
    Browser(site.port).get(person.private, Host="not.allowed.example")
    Browser(site.port).get(person.private + "nowhere/")
    time.sleep(0.5)
    repeated = site.log().count(token)
    return Verdict(bool(repeated), f"the log holds the token {repeated} times", "never")
