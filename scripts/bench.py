"""`make bench`: how fast the article page is, cold and warm, beside a bare Django view of the same bytes.

One server, one client, all in turns: what the machine does at the time happens to all of them, so their ratios
hold where their absolute times do not. docs/bench.md keeps figures.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
ARTICLE = "/articles/exosomes-vs-prp/"
PATHS = {
    "bare": "/bench/bare/",
    "plain": "/bench/plain/",
    "warm": ARTICLE,
    "cold": f"/bench/cold{ARTICLE}",
    "stale": f"/bench/stale{ARTICLE}",
}
REQUESTS = {"bare": 200, "plain": 200, "warm": 200, "cold": 100, "stale": 30}
BARS = {"warm": 0.7, "cold": 0.1}
ROUNDS = 15
HEADERS = {"Accept-Encoding": "br"}
TICKS = os.sysconf("SC_CLK_TCK")

METHOD = f"""\
One gunicorn worker process (gthread, as in clinic/gunicorn.conf.py) with the sample site; this client is a process of its
own and asks over one kept connection, one request at a time. After a warm-up, {ROUNDS} rounds; each asks {REQUESTS["bare"]} times
for each of the first three, {REQUESTS["cold"]} times for the fourth and {REQUESTS["stale"]} times for the last,
in an order that moves on with each round.
  bare  a Django view without middleware and database that returns the page's compressed bytes
  plain a view that returns the page's HTML through this project's middleware, compressed each time; for orientation
  warm  the page as a visitor gets it: from memory, after one query for the content version
  cold  the same with the page cache emptied before each request, as for a campaign or an encoding that nobody used before:
        the page is put together from the parts that the process keeps of the content version, and compressed
  stale the same with nothing kept at all, as for the first reader after an edit: eight queries, every template, compression
A ratio is the bare view's time per request over the page's, within one round; shown are the median and the quartiles.
CPU is the web process's own, over all rounds."""


def main() -> int:
    """Set up a site of its own, measure, print; return 0 when both bars are met."""
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        environment = environment_in(Path(folder))
        for command in (
            "migrate --verbosity 0",
            "collectstatic --no-input --verbosity 0",
            "load_library --verbosity 0",
        ):
            manage = [sys.executable, "manage.py", *command.split()]
            subprocess.run(manage, cwd=BASE_DIR, env=environment, stdout=subprocess.DEVNULL, check=True)
        with server(environment) as (port, process):
            client = Client(port, process)
            Path(environment["BENCH_BODY"]).write_bytes(client.get(ARTICLE))
            return report(client.measure(), client)


def environment_in(folder: Path) -> dict[str, str]:
    """Return the environment of a site that lives in `folder`; BENCH_DATABASE_URL may name another database."""
    return os.environ | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3",
        "EMAIL_URL": f"file://{folder}/mail",
        "SITE_URL": "http://127.0.0.1:8000",
        "BENCH_BODY": f"{folder}/body",
    }


@contextlib.contextmanager
def server(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve; yield the port and the worker's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
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
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
            if len(children) == 1:
                return int(children[0])
        time.sleep(0.1)
    sys.exit("The server did not come up.")


@dataclass
class Client:
    """Asks, and watches what it costs the worker."""

    port: int
    worker: int
    cpu: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PATHS, 0.0))

    def __post_init__(self) -> None:
        """Connect once and keep the connection."""
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def get(self, path: str) -> bytes:
        """Return the body of a page."""
        self.connection.request("GET", path, headers=HEADERS)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != http.HTTPStatus.OK:
            sys.exit(f"{path} was answered with {response.status}.")
        return body

    def measure(self) -> list[dict[str, float]]:
        """Return the seconds per request of each kind, round by round."""
        answers = {kind: self.get(path) for kind, path in PATHS.items() for _ in range(REQUESTS[kind])}
        if len(set(answers.values())) != 1:
            sys.exit("They did not answer the same bytes.")
        kinds = list(PATHS)
        rounds = [[kinds[(first + offset) % len(kinds)] for offset in range(len(kinds))] for first in range(ROUNDS)]
        return [{kind: self.seconds_per_request(kind) for kind in order} for order in rounds]

    def seconds_per_request(self, kind: str) -> float:
        """Ask many times for one kind and return the seconds for each."""
        cpu, began = self.cpu_seconds(), time.perf_counter()
        for _ in range(REQUESTS[kind]):
            self.get(PATHS[kind])
        seconds = time.perf_counter() - began
        self.cpu[kind] += self.cpu_seconds() - cpu
        return seconds / REQUESTS[kind]

    def cpu_seconds(self) -> float:
        """Return how much processor time the worker has used."""
        fields = Path(f"/proc/{self.worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_megabytes(self) -> float:
        """Return the most memory the worker has had at any time, shared pages included."""
        status = Path(f"/proc/{self.worker}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def report(rounds: list[dict[str, float]], client: Client) -> int:
    """Print method and figures; return 0 when both bars are met."""
    size = len(client.get(ARTICLE))
    print(f"{METHOD}\n\nPage: {ARTICLE}, {size} bytes compressed, on Python {sys.version.split()[0]}\n")
    print(f"{'':6}{'ms/request':>12}{'requests/s':>12}{'ms CPU':>10}{'ratio':>8}{'quartiles':>14}{'bar':>6}")
    met = True
    for kind in PATHS:
        seconds = statistics.median(each[kind] for each in rounds)
        cpu = client.cpu[kind] / (REQUESTS[kind] * ROUNDS) * 1000
        low, ratio, high = statistics.quantiles([each["bare"] / each[kind] for each in rounds], n=4)
        bar = BARS.get(kind)
        met = met and (bar is None or ratio >= bar)
        line = f"{kind:6}{seconds * 1000:12.2f}{1 / seconds:12.0f}{cpu:10.2f}{ratio:8.2f}{f'{low:.2f}-{high:.2f}':>14}"
        print(f"{line}{bar or '':>6}")
    print(f"\nPeak memory of the web process: {client.peak_megabytes():.0f} MB")
    print("Both bars are met." if met else "A bar is missed.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
