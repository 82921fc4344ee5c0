"""How fast a kept page is behind the proxy, beside a file of the same bytes in the same nginx; docs/bench.md keeps figures."""

from __future__ import annotations

import re
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.machine.client import Client
from scripts.processes import children, cpu_seconds

if TYPE_CHECKING:
    from scripts.one_machine import Machine

# The checks have withdrawn the article; this page is about as long.
PAGE = "/compare/exosomes-vs-prp/"
ROUNDS = 25
CONNECTIONS = 16
# nginx itself says these of a file.
OF_FILES = {"Server", "Date", "Content-Type", "Content-Length", "Connection", "Etag", "ETag"}
METHOD = f"""
{ROUNDS} rounds of one second each, in turns: wrk with one thread and {CONNECTIONS} connections, kept open, without TLS, asks nginx for
  file  a file of the page's compressed bytes, as nginx sends files (sendfile, tcp_nopush)
  same  the same file, with the headers of the page, sent with the settings of deploy/nginx/site.inc
  page  {PAGE}, kept by nginx for a second at most and asked for at the site again
A ratio is the time of a file over that of the page within one round; shown are the median and the quartiles. CPU is that of nginx and of the
whole web server."""


@dataclass
class Rate:
    """What one round of one kind came to: seconds on the clock and of processor time, for each request."""

    seconds: float
    cpu: float


def run(machine: Machine) -> None:
    """Measure and print."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed on this machine.")
    page = Client(machine.ports["8000"]).get(PAGE, {"Accept-Encoding": "br"})
    (machine.folder / "nginx" / "file" / "page").write_bytes(page.body)
    headers = [f'add_header {name} "{page.header(name)}";' for name in sorted(page.names - OF_FILES)]
    (machine.folder / "nginx" / "file" / "page.headers").write_text("\n".join(headers))
    machine.processes["proxy"].send_signal(signal.SIGHUP)
    here = "http://127.0.0.1"
    addresses = {kind: f"{here}:{machine.ports[kind]}/page" for kind in ("file", "same")}
    addresses["page"] = f"{here}:{machine.ports['8000']}{PAGE}"
    servers = [machine.processes[name].pid for name in ("proxy", "web")]
    for address in addresses.values():
        measured(address, servers)
    orders = [list(addresses) if number % 2 else list(reversed(addresses)) for number in range(ROUNDS)]
    rounds = [{kind: measured(addresses[kind], servers) for kind in order} for order in orders]
    print(f"{METHOD}\n\nPage: {len(page.body)} bytes compressed")
    for kind in addresses:
        each = [one[kind] for one in rounds]
        rate, cpu = (
            statistics.median(values) for values in zip(*((1 / one.seconds, one.cpu) for one in each), strict=True)
        )
        print(f"  {kind}: {rate:,.0f} requests/s, {cpu * 1e6:.0f} µs CPU each")
    for kind in ("file", "same"):
        show(f"requests/s, of {kind}", [one[kind].seconds / one["page"].seconds for one in rounds])
        show(f"CPU, of {kind}", [one[kind].cpu / one["page"].cpu for one in rounds])


def show(what: str, ratios: list[float]) -> None:
    """Print median and quartiles."""
    low, ratio, high = statistics.quantiles(ratios, n=4)
    print(f"  ratio of {what}: {ratio:.2f} ({low:.2f}-{high:.2f})")


def measured(address: str, servers: list[int]) -> Rate:
    """Ask for a second; stop where an answer was none."""
    options = [f"-c{CONNECTIONS}", "-t1", "-d1s", "-H", "Accept-Encoding: br", "-H", "Host: 127.0.0.1"]
    before = used(servers)
    said = subprocess.run(["wrk", *options, address], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        sys.exit(said)
    number, seconds = re.findall(r"(\d+) requests in ([\d.]+)s", said)[0]
    return Rate(float(seconds) / int(number), (used(servers) - before) / int(number))


def used(servers: list[int]) -> float:
    """Return how much processor time servers and what they have started have used, in seconds."""
    return sum(cpu_seconds(process) for server in servers for process in (server, *children(server)))
