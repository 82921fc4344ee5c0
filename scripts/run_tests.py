"""`make test`: runs the tests on SQLite, and on a PostgreSQL that lives only as long as they do.

PostgreSQL is taken from TEST_DATABASE_URL or started here; the browser is Debian's Chromium. What this machine lacks is
left out with a sentence; with CI=true or REQUIRE_ALL=1 it is an error instead. Arguments are handed to pytest.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.cluster import MISSING, required, server_binaries, throwaway_cluster

BASE_DIR = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser")
# What is the same on any database: how pages look and what they weigh, and whatever asks no database (tests/conftest.py).
ONCE = ["-m", "not alike"]


def main(arguments: list[str]) -> int:
    """Run everything this machine can run; return 0 when all of it passed."""
    # TERM ends us like Ctrl-C does, through every `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    left_out: list[str] = []
    options = [*arguments]
    if not any(map(shutil.which, CHROMIUM)):
        left_out.append("Left out the browser tests: there is no chromium on this machine.")
        options.append("--ignore=tests/browser")
    server = server_binaries()
    if not server and not os.environ.get("TEST_DATABASE_URL"):
        left_out.append(f"Left out the run on PostgreSQL: {MISSING}")
    if left_out and required():
        print("\n".join(left_out), "Both are required here (CI or REQUIRE_ALL is set).", sep="\n", file=sys.stderr)
        return 1
    failed = [name for name, run in runs(server, options) if run]
    print("\n".join([*left_out, f"Failed on {' and '.join(failed)}." if failed else "All tests passed."]), flush=True)
    return 1 if failed else 0


def runs(server: Path | None, options: list[str]) -> Iterator[tuple[str, int]]:
    """Run pytest on one database after the other; yield each one's name with pytest's exit code."""
    yield "SQLite", run_pytest("SQLite", "", options)
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield "PostgreSQL", run_pytest("the PostgreSQL of TEST_DATABASE_URL", given, options)
    elif server:
        with throwaway_cluster(server) as cluster:
            yield "PostgreSQL", run_pytest("a throwaway PostgreSQL", cluster.url, [*options, *ONCE])


def run_pytest(title: str, url: str, options: list[str]) -> int:
    """Run pytest on one database and return its exit code."""
    print(f"\nTests on {title}", flush=True)
    workers = [] if any(option.startswith("-n") for option in options) else ["-n", "2"]
    command = [sys.executable, "-m", "pytest", *workers, *options]
    return subprocess.run(command, cwd=BASE_DIR, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
