"""`make bench`, second part: how long free times take to compute, beside merely reading the rows they come from."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.cluster import FASTEST, server_binaries, throwaway_cluster
from scripts.faulting.databases import Database, PostgreSQL, SQLite
from scripts.faulting.site import BASE_DIR, MANAGE, Site

METHOD = """\
84 centers of the sample site with three consultants each, weekdays 9:00-12:30 and 13:15-18:00, visits of 30 minutes, the
next 14 days; 200, 2,000 and 20,000 bookings that take the soonest times of everybody, so that the first free one is as far
off as it can be. In one process with one connection, 15 rounds; in each, in an order that moves on:
  rows     the six queries that `soonest` runs, fetched as tuples, and nothing done with them
  soonest  schedule.soonest: the same six queries, and the first free time of each center, sorted
  all      the same queries, and every free time of every center in these days
  page     the whole page /consultation/soonest/, uncached, from request to HTML
A ratio is a thing's time over that of `rows` in the same round; shown are medians, and the quartiles of the ratio."""
KINDS = ("rows", "soonest", "all", "page")


def main() -> int:
    """Measure on each database there is; return 0 when the number of queries is the same for every number of bookings."""
    print(f"\n{METHOD}\n\nPython {sys.version.split()[0]}")
    fixed = True
    with tempfile.TemporaryDirectory(prefix="clinic-bench-booking-") as folder, contextlib.ExitStack() as stack:
        for database in databases(Path(folder), stack):
            sizes = measured(database, Path(folder))
            report(database, sizes)
            fixed = fixed and all(size["queries"] == sizes[0]["queries"] for size in sizes)
    print(
        "\nThe number of queries is the same for all." if fixed else "\nThe number of queries grows with the bookings."
    )
    return 0 if fixed else 1


def databases(folder: Path, stack: contextlib.ExitStack, options: str = FASTEST) -> Iterator[Database]:
    """Yield empty databases; `options` are PostgreSQL's."""
    yield SQLite(folder / "bench.sqlite3")
    if binaries := server_binaries():
        yield PostgreSQL.empty(stack.enter_context(throwaway_cluster(binaries, options)), "bench")
    else:
        print("Left out PostgreSQL: there is no PostgreSQL server on this machine.")


def measured(database: Database, folder: Path) -> list[dict[str, Any]]:
    """Return what was measured for each number of bookings."""
    site = Site(database, folder)
    site.manage("migrate", "--no-input", "--verbosity", "0")
    site.manage("load_library")
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    command = [*MANAGE, "shell", "--no-imports", "--command", "from scripts import benched_booking as b; b.main()"]
    done = subprocess.run(command, cwd=BASE_DIR, env=site.environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The bench failed:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(database: Database, sizes: list[dict[str, Any]]) -> None:
    """Print the figures of one database."""
    print(f"\n{database.name}")
    print(f"{'bookings':>9}{'rows':>8}{'free':>8}  {'':8}{'queries':>8}{'ms':>9}{'ratio':>8}{'quartiles':>14}")
    for size in sizes:
        for kind in KINDS:
            times, base = size["seconds"][kind], size["seconds"]["rows"]
            low, ratio, high = statistics.quantiles([one / other for one, other in zip(times, base, strict=True)], n=4)
            lead = f"{size['bookings']:>9,}{size['rows']:>8,}{size['offered']:>8,}" if kind == "rows" else " " * 25
            spread = f"{low:.2f}-{high:.2f}"
            ms = statistics.median(times) * 1000
            print(f"{lead}  {kind:8}{size['queries'][kind]:>8}{ms:>9.1f}{ratio:>8.2f}{spread:>14}")
        print(f"{'':27}{size['centers']} centers have a free time, at the median in {size['days_off']:.1f} days")


if __name__ == "__main__":
    sys.exit(main())
