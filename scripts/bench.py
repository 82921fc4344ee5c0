"""`make bench`: how fast public pages and the request form are, beside a bare Django view, on each database there is.

One server, one client, all in turns: what the machine does at the time happens to all of them, so their ratios
hold where their absolute times do not. docs/bench.md keeps figures.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from scripts.bench_booking import databases
from scripts.cluster import DURABLE
from scripts.faulting.databases import Database
from scripts.processes import children, cpu_seconds, free_port, listens

BASE_DIR = Path(__file__).resolve().parent.parent
ARTICLE, FORM, SOONEST = "/articles/exosomes-vs-prp/", "/consultation/", "/consultation/soonest/"
EDIT = "/bench/edit/"


@dataclass(frozen=True)
class Kind:
    """What is asked for, how often in a round, and the ratio that it is to have.

    Attributes:
        posts: it is compared with the smallest POST.
        edited: before each request something else is saved, which does not count.
    """

    path: str
    requests: int
    bar: float | None = None
    posts: bool = False
    edited: bool = False


KINDS = {
    "bare": Kind("/bench/bare/", 200),
    "plain": Kind("/bench/plain/", 200),
    "warm": Kind(ARTICLE, 200, 0.9),
    "cold": Kind(f"/bench/cold{ARTICLE}", 100, 0.2),
    "edited": Kind(ARTICLE, 50, 0.08, edited=True),
    "stale": Kind(f"/bench/stale{ARTICLE}", 30),
    "form": Kind(FORM, 60, 0.1),
    "soonest": Kind(SOONEST, 200, 0.5),
    "anew": Kind(f"/bench/cold{SOONEST}", 8, 0.02),
    "row": Kind("/bench/row/", 40, posts=True),
    "ask": Kind(FORM, 20, posts=True),
}
THE_ARTICLE = ("bare", "plain", "warm", "cold", "edited", "stale")
ROUNDS = 15
HEADERS = {"Accept-Encoding": "br"}
NO_LIMITS = ", ".join(
    f"{limit}.{who}=999999" for limit in ("requests", "form-posts") for who in ("address", "everybody")
)
HIDDEN = re.compile(r'name="(key|csrfmiddlewaretoken)"[^>]* value="([^"]+)"')

METHOD = f"""\
One gunicorn worker process (gthread, as in clinic/gunicorn.conf.py) with the sample site and its invented requests; this client
is a process of its own and asks over one kept connection, one request at a time. After a warm-up, {ROUNDS} rounds, each of which
asks for every kind many times, in an order that moves on with each round. PostgreSQL waits for the disk at each commit, as SQLite does.
  bare     a Django view without middleware and database that returns the article's compressed bytes
  plain    a view that returns the article's HTML through this project's middleware, compressed each time; for orientation
  warm     the article as a visitor gets it: from memory, after a query for the content version four times a second
  cold     the same with the page cache emptied before each request, as for a campaign:
           the page is put together from the parts that the process keeps of the content version; it compresses the same bytes once
  edited   the same after an edit elsewhere: before each request a row that the article does not show was saved, of ten kinds in
           turns (a center, a question, a therapy, a finding …); the saving is not counted
  stale    the same with nothing kept at all, as for the first reader of a new process: every query, every template, compression
  form     the empty request form
  soonest  the centers by their soonest free time, kept for a minute
  anew     the same with the page cache emptied before each request
  row      POST: a Django view without middleware that checks a form of two fields, writes one row and answers 303
  ask      POST: the request form, filled in, each time by a new visitor; fetching the form before it is not counted
A ratio is the bare view's time per request over the page's, for the POSTs that of row, within one round; shown are the median
and the quartiles. CPU is the web process's own, over all rounds: its ratio holds on a machine that does other work as well, and
says nothing of waiting for the database."""


def main() -> int:
    """Measure on each database, print; return 0 when all bars are met."""
    print(f"{METHOD}\n\nPython {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder, contextlib.ExitStack() as stack:
        met = [measured(each, Path(folder)) for each in databases(Path(folder), stack, DURABLE)]
    print("\nAll bars are met." if all(met) else "\nA bar is missed.")
    return 0 if all(met) else 1


def measured(database: Database, folder: Path) -> bool:
    """Set up a site of its own, measure, print; return whether its bars are met."""
    environment = environment_in(folder, database.url)
    for command in (
        "migrate --verbosity 0",
        "collectstatic --no-input --verbosity 0",
        "load_library --verbosity 0",
        f"load_demo --verbosity 0 --password-file {folder}/password",
    ):
        manage = [sys.executable, "manage.py", *command.split()]
        output = subprocess.DEVNULL
        subprocess.run(manage, cwd=BASE_DIR, env=environment, stdout=output, stderr=output, check=True)
    with server(environment) as (port, process):
        client = Client(port, process)
        Path(environment["BENCH_BODY"]).write_bytes(client.get(ARTICLE))
        return report(database, client.measure(), client)


def environment_in(folder: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a site that lives in `folder`."""
    return os.environ | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url,
        "EMAIL_URL": f"file://{folder}/mail",
        "SITE_URL": "http://127.0.0.1:8000",
        "BENCH_BODY": f"{folder}/body",
        # All visitors here share an address; they are counted all the same.
        "LIMITS": NO_LIMITS,
    }


@contextlib.contextmanager
def server(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve; yield the port and the worker's process id."""
    port = free_port()
    options = ["--workers", "1", "--max-requests", "0", "--log-level", "warning", "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", "--config", "clinic/gunicorn.conf.py", *options, "scripts.benched"]
    with subprocess.Popen(command, cwd=BASE_DIR, env=environment) as master:
        try:
            yield port, worker_of(master.pid, port)
        finally:
            master.terminate()


def worker_of(master: int, port: int) -> int:
    """Wait until the site answers and return the process id of its one worker."""
    for _ in range(300):
        if listens(port) and len(workers := children(master)) == 1:
            return workers[0]
        time.sleep(0.1)
    sys.exit("The server did not come up.")


@dataclass
class Client:
    """Asks, and watches what it costs the worker."""

    port: int
    worker: int
    cpu: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))

    def __post_init__(self) -> None:
        """Connect once and keep the connection."""
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def get(self, path: str) -> bytes:
        """Return the body of a page."""
        self.connection.request("GET", path, headers=HEADERS)
        return self.answer(path, HTTPStatus.OK)[0]

    def post(self, path: str, body: str, headers: dict[str, str]) -> None:
        """Send a form."""
        self.connection.request("POST", path, body, headers)
        self.answer(path, HTTPStatus.SEE_OTHER)

    def answer(self, path: str, expected: HTTPStatus) -> tuple[bytes, str]:
        """Return body and cookie of the answer that comes next."""
        response = self.connection.getresponse()
        body = response.read()
        if response.status != expected:
            sys.exit(f"{path} was answered with {response.status}.")
        return body, response.headers.get("Set-Cookie", "").partition(";")[0]

    def filled_in(self) -> tuple[str, dict[str, str]]:
        """Fetch the request form as a new visitor; return what is posted and with which headers."""
        self.connection.request("GET", FORM)
        page, cookie = self.answer(FORM, HTTPStatus.OK)
        typed = {"name": "Ada Visitor", "email": f"{secrets.token_hex(8)}@visitor.example", "therapies": "prp"}
        typed |= {
            "phone": "+14155550132",
            "message": "My knee.",
            "agree_health": "on",
            **dict(HIDDEN.findall(page.decode())),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookie,
            "Sec-Fetch-Site": "same-origin",
        }
        return urlencode(typed), headers

    def measure(self) -> list[dict[str, float]]:
        """Return the seconds per request of each kind, round by round."""
        if len({self.get(KINDS[kind].path) for kind in THE_ARTICLE}) != 1:
            sys.exit("They did not answer the same bytes.")
        names = list(KINDS)
        for kind in names:
            self.seconds_per_request(kind)
        self.cpu = dict.fromkeys(KINDS, 0.0)
        rounds = [[names[(first + offset) % len(names)] for offset in range(len(names))] for first in range(ROUNDS)]
        return [{kind: self.seconds_per_request(kind) for kind in order} for order in rounds]

    def seconds_per_request(self, name: str) -> float:
        """Ask many times for one kind and return the seconds for each."""
        kind = KINDS[name]
        forms = [self.filled_in() for _ in range(kind.requests)] if kind.posts else []
        cpu, began = cpu_seconds(self.worker), time.perf_counter()
        if kind.posts:
            for body, headers in forms:
                self.post(kind.path, body, headers)
        elif kind.edited:
            return self.seconds_after_edits(name)
        else:
            for _ in range(kind.requests):
                self.get(kind.path)
        seconds = time.perf_counter() - began
        self.cpu[name] += cpu_seconds(self.worker) - cpu
        return seconds / kind.requests

    def seconds_after_edits(self, name: str) -> float:
        """Save something before each request, and return the seconds for each without the saving."""
        kind, seconds = KINDS[name], 0.0
        for _ in range(kind.requests):
            self.get(EDIT)
            cpu, began = cpu_seconds(self.worker), time.perf_counter()
            self.get(kind.path)
            seconds += time.perf_counter() - began
            self.cpu[name] += cpu_seconds(self.worker) - cpu
        return seconds / kind.requests

    def peak_megabytes(self) -> float:
        """Return the most memory the worker has had at any time, shared pages included."""
        status = Path(f"/proc/{self.worker}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def report(database: Database, rounds: list[dict[str, float]], client: Client) -> bool:
    """Print the figures of one database; return whether all bars are met."""
    print(f"\n{database.name}; {ARTICLE} has {len(client.get(ARTICLE))} bytes, compressed")
    print(
        f"{'':8}{'ms/request':>12}{'requests/s':>12}{'ms CPU':>10}{'CPU ratio':>11}{'ratio':>8}{'quartiles':>14}{'bar':>6}"
    )
    met = True
    for name, kind in KINDS.items():
        base = "row" if kind.posts else "bare"
        seconds = statistics.median(each[name] for each in rounds)
        cpu, least = (client.cpu[one] / (KINDS[one].requests * ROUNDS) * 1000 for one in (name, base))
        low, ratio, high = statistics.quantiles([each[base] / each[name] for each in rounds], n=4)
        met = met and (kind.bar is None or ratio >= kind.bar)
        line = f"{name:8}{seconds * 1000:12.2f}{1 / seconds:12.0f}{cpu:10.2f}{least / cpu:11.3f}{ratio:8.3f}{f'{low:.3f}-{high:.3f}':>14}"
        print(f"{line}{kind.bar or '':>6}", flush=True)
    print(f"Peak memory of the web process: {client.peak_megabytes():.0f} MB")
    return met


if __name__ == "__main__":
    sys.exit(main())
