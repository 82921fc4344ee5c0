"""`make nodes`: two machines behind nginx, each in a network namespace of its own; what they share, and what is seen when one is lost.

Needs root, `ip`, nginx, PostgreSQL and Valkey or Redis on this machine, and leaves nothing behind. The files of deploy/nginx are used
with other addresses and, for the checks, with a header that names the node that is to answer.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.cluster import FAST, server_binaries, throwaway_cluster
from scripts.faulting.findings import Findings
from scripts.faulting.mailserver import MailServer
from scripts.faulting.site import BASE_DIR
from scripts.nodes.checks import Checks
from scripts.nodes.machines import NODES, Machines
from scripts.nodes.network import Network, refusal
from scripts.processes import nginx, valkey


def main() -> int:
    """Start, check; return 0 when every number is what it must be."""
    findings = Findings("Two nodes", "postgresql")
    with machines() as running:
        checks = Checks(running, findings)
        for check in (checks.run, checks.loss, checks.controls):
            check()
            print(*list(findings.lines())[1:], sep="\n", flush=True)
            findings.rows.clear()
    print("\nFailed." if findings.failed else "\nAll as it must be.")
    return int(findings.failed)


@contextlib.contextmanager
def machines(release: Path = BASE_DIR) -> Iterator[Machines]:
    """Yield the machines with all that runs on them, the code of a release on both nodes; end in words where this machine cannot play them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    programs = {"nginx": nginx(), "valkey": valkey()}
    binaries = server_binaries()
    if missing := [name for name, path in (programs | {"PostgreSQL": binaries}).items() if path is None]:
        sys.exit(f"Not installed on this machine: {', '.join(missing)}.")
    if why := refusal():
        sys.exit(why)
    network = Network()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-nodes-")))
        stack.enter_context(network.up())
        listening = f"{FAST} -c listen_addresses={network.outside}"
        cluster = stack.enter_context(throwaway_cluster(binaries, listening))  # type: ignore[arg-type]  # not None by now
        mail = stack.enter_context(MailServer(host=network.outside))
        found = Machines(folder, network, cluster, mail, {name: str(path) for name, path in programs.items()})
        found.releases = dict.fromkeys(NODES, release)
        with found.running():
            yield found


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s.")
    sys.exit(code)
