"""How fast a kept page is behind the proxy, beside a file of the same bytes in the same nginx; docs/bench.md keeps figures."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from scripts.machine.client import Client

if TYPE_CHECKING:
    from scripts.one_machine import Machine

# Withdrawn by the checks is the article; this page is as long.
PAGE = "/compare/exosomes-vs-prp/"
ROUNDS = 9
SECONDS = 3
CONNECTIONS = 16
METHOD = f"""
{ROUNDS} rounds of {SECONDS} s each, in turns: wrk with one thread and {CONNECTIONS} connections, kept open, without TLS, asks nginx for
  file  a file of the page's compressed bytes
  page  {PAGE}, kept by nginx for a second at most and asked for at the site again
A ratio is the page's requests per second over the file's in the same round; shown are the median and the quartiles."""


def run(machine: Machine) -> None:
    """Measure and print."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed on this machine.")
    page = Client(machine.ports["8000"]).get(PAGE, {"Accept-Encoding": "br"})
    (machine.folder / "nginx" / "file" / "page").write_bytes(page.body)
    addresses = {
        "file": f"http://127.0.0.1:{machine.ports['file']}/page",
        "page": f"http://127.0.0.1:{machine.ports['8000']}{PAGE}",
    }
    for address in addresses.values():
        rate(address)
    orders = [list(addresses) if number % 2 else list(reversed(addresses)) for number in range(ROUNDS)]
    rounds = [{kind: rate(addresses[kind]) for kind in order} for order in orders]
    print(f"{METHOD}\n\nPage: {len(page.body)} bytes compressed")
    for kind in addresses:
        print(f"  {kind}: {statistics.median(each[kind] for each in rounds):,.0f} requests/s")
    low, ratio, high = statistics.quantiles([each["page"] / each["file"] for each in rounds], n=4)
    print(f"  ratio: {ratio:.2f} ({low:.2f}-{high:.2f})")


def rate(address: str) -> float:
    """Return the requests a second; stop where one failed."""
    options = [f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", "-H", "Host: 127.0.0.1"]
    said = subprocess.run(["wrk", *options, address], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(said)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
