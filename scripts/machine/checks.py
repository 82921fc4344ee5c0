"""What a technician would ask of the running machine before going live; every number is what it must be, or the run fails."""

from __future__ import annotations

import json
import re
import signal
import time
import urllib.request
from typing import TYPE_CHECKING

from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.visitors import Visitor
from scripts.machine import edits, scanning
from scripts.machine.client import Client, watch

if TYPE_CHECKING:
    from scripts.one_machine import Machine

# Four browsers that name the same; how pages are packed for each.
BROWSERS = ("gzip, deflate, br, zstd", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "BR,gzip")
NAMED = dict.fromkeys(BROWSERS, "br") | {
    "gzip, deflate": "gzip",
    "": "",
    "identity": "",
    "br;q=0, gzip": "",
    "brotli": "",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://127.0.0.1"}
MOST_SECONDS = 2.0
ASKED = 100


def run(machine: Machine) -> Findings:
    """Check everything and return what was found."""
    findings = Findings("One machine", "postgresql")
    client = Client(machine.ports["8443"], machine.folder / "secrets" / "certificates" / "fullchain.pem")
    for check in (
        check_edges,
        check_kept,
        check_requests,
        scanning.check_headers,
        check_edit,
        check_logs,
        check_cache_away,
        check_away,
    ):
        try:
            check(machine, client, findings)
        except Exception as error:  # noqa: BLE001  what was found before it should be seen
            findings.must(f"{check.__name__} came to its end", repr(error), "")
    findings.end()
    return findings


class ProxiedVisitor(Visitor):
    """A visitor behind the proxy, who says as browsers do whose form is sent."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.port, 1)
        self.client = client

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        """Return status, place to go to, and page."""
        headers = {"Cookie": self.cookie} | (FORM if body is not None else {})
        answer = self.client.ask(method, path, body, headers, 40)
        self.cookie = answer.header("Set-Cookie").split(";")[0] or self.cookie
        return answer.status, answer.header("Location"), answer.text


def check_edges(machine: Machine, client: Client, findings: Findings) -> None:
    """TLS, the redirect to it, sizes, and the proxy behind somebody else's TLS."""
    plain = Client(machine.ports["8080"]).get("/faq/?a=b")
    findings.must(
        "without TLS: status, place", (plain.status, plain.header("Location")), (301, "https://127.0.0.1/faq/?a=b")
    )
    findings.must("TLS 1.1 is refused", client.refuses_old_tls(), True)
    findings.must("TLS version", client.tls_version(), "TLSv1.3")
    behind = Client(machine.ports["8000"]).get("/faq/")
    findings.must("behind a load balancer (plain.conf): status", behind.status, 200)
    findings.must("a post of 2 MB: status", client.post("/consultation/", 2_000_000).status, 413)
    findings.must(
        "a post of 10.5 MB where pictures are uploaded reaches the site, which knows nobody: status",
        client.post("/admin/content/image/add/", 10_500_000).status,
        403,
    )
    findings.must("another host: status", client.get("/", {"Host": "evil.example"}).status, 400)
    for path in ("/healthz", "/readyz"):
        findings.must(f"{path}: status", client.get(path).status, 200)


def check_kept(machine: Machine, client: Client, findings: Findings) -> None:
    """Public pages come from the proxy; personal ones and errors never do."""
    for path in (edits.ARTICLE, scanning.SOONEST, edits.upload()):
        client.get(path, {"Accept-Encoding": BROWSERS[0]})
        began, before = time.monotonic(), answered(machine)
        for number in range(ASKED):
            client.get(path, {"Accept-Encoding": BROWSERS[number % len(BROWSERS)]})
        seconds = int(time.monotonic() - began) + 2
        findings.must(
            f"{path}, asked {ASKED} times: at most one a second reached the site",
            answered(machine) - before <= seconds,
            True,
        )
    packed = {
        named: client.get(edits.ARTICLE, {"Accept-Encoding": named}).header("Content-Encoding") for named in NAMED
    }
    findings.must("as browsers ask, pages are packed", packed == NAMED, True)
    for path in (*scanning.PERSONAL, scanning.MISSING):
        before = answered(machine)
        for _ in range(5):
            client.get(path)
        findings.must(f"{path}, asked 5 times: reached the site", answered(machine) - before, 5)


def check_requests(machine: Machine, client: Client, findings: Findings) -> None:
    """A request for a consultation goes through, and the worker's metrics know its mails."""
    visitor = ProxiedVisitor(client)
    received = visitor.ask()
    visitor.check()
    findings.must("a request is received, once, and its private page opens", (received, visitor.complaints), (True, []))
    machine.private_path = visitor.location
    worker = metrics(machine.ports["worker metrics"])
    findings.must(
        "mails waiting for a mail server that is away", worker['clinic_mails_waiting{queue="visitors"}'] >= 1, True
    )
    findings.must(
        "the worker was at work in the last 30 seconds",
        time.time() - worker["clinic_worker_last_round_timestamp_seconds"] < 30,
        True,
    )
    findings.must("overdue requests", worker["clinic_overdue_requests"], 0)
    labels = {
        name for series in (*worker, *metrics(machine.ports["web metrics"])) for name in re.findall(r"(\w+)=\"", series)
    }
    findings.must("labels of metrics", tuple(sorted(labels)), ("le", "queue", "status", "view"))


def check_edit(machine: Machine, client: Client, findings: Findings) -> None:
    """What is edited or withdrawn is seen in time behind the proxy, while people read."""
    slowest = 0.0
    for number in range(5):
        with watch(client, "/faq/") as seen:
            changed = edits.say(f"Closed on day {number}")
            wait_until(lambda: seen.latest("Closed on day " + str(number)), 5)  # noqa: B023  called within the turn
        slowest = max(slowest, seen.last_without(f"Closed on day {number}") - changed)
    findings.count("slowest of five edits, seconds until nobody sees the old words", round(slowest, 2))
    findings.must("an edit is seen within 2 s", slowest <= MOST_SECONDS, True)
    with watch(client, edits.ARTICLE) as seen:
        changed = edits.withdraw()
        wait_until(lambda: seen.status == 404, 5)
    gone = seen.last_with(200) - changed
    findings.count("seconds until nobody sees a withdrawn article", round(gone, 2))
    findings.must("a withdrawn article is gone within 2 s", gone <= MOST_SECONDS, True)


def check_cache_away(machine: Machine, client: Client, findings: Findings) -> None:
    """Pages come without the cache server."""
    machine.stop("cache")
    statuses = {client.get(f"{path}?without=cache").status for path in scanning.PUBLIC[:4] if path != edits.ARTICLE}
    findings.must("public pages while Valkey is away: statuses", tuple(statuses), (200,))
    machine.start_cache()


def check_away(machine: Machine, client: Client, findings: Findings) -> None:
    """The site hangs, then ends: nothing old is shown beyond the bound, and what is said has all headers."""
    web = machine.processes["web"]
    with watch(client, "/faq/", patience=1.0) as seen:
        wait_until(lambda: seen.status == 200, 5)
        machine.signal_all(web, signal.SIGSTOP)
        stopped = time.time()
        time.sleep(MOST_SECONDS + 1.5)
    machine.signal_all(web, signal.SIGCONT)
    findings.must(
        "while the site hangs, kept pages are shown for 2 s at most",
        seen.last_with(200) - stopped <= MOST_SECONDS,
        True,
    )
    machine.stop("web")
    time.sleep(MOST_SECONDS)
    answer = client.get("/faq/")
    findings.must("while the site is down: status, in words", (answer.status, "restarted" in answer.text), (502, True))
    findings.must("wrong headers on that page", scanning.complaints({"/faq/": (answer, "personal", True)}), "none")
    machine.start_web()
    findings.must("after its restart: status", client.get("/faq/").status, 200)


def check_logs(machine: Machine, client: Client, findings: Findings) -> None:
    """Every line of the site is one JSON object, with the id of its request, and without private addresses."""
    time.sleep(0.2)
    lines = [json.loads(line) for line in machine.log("web").splitlines()]
    ids = [line.get("request_id") for line in lines if line["logger"] == "clinic.requests"]
    findings.must(
        "log lines of requests, each with an id of its own", len(ids) > ASKED and len(set(ids)) == len(ids), True
    )
    written = machine.log("web") + machine.log("worker")
    token = machine.private_path.rstrip("/").rpartition("/")[2]
    personal = [words for words in (token, "visitor1@visitor.example", "Ada Example") if words in written]
    findings.must("personal words in the logs", ", ".join(personal) or "none", "none")


def metrics(port: int) -> dict[str, float]:
    """Return what is answered to Prometheus, by series."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return {
        series: float(value)
        for line in lines
        if not line.startswith("#")
        for series, _, value in [line.rpartition(" ")]
    }


def answered(machine: Machine) -> int:
    """Return how many requests reached the site so far."""
    found = metrics(machine.ports["web metrics"])
    return int(sum(value for series, value in found.items() if series.startswith("clinic_requests_total")))
