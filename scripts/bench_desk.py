"""`make bench`, last part: what the desk's pages cost with a million requests, beside a thousand.

`KEEP=` names a folder in which the databases stay for the next run, `ONLY=` a word that the pages to be opened have in their name.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scripts.cluster import FASTEST, MISSING, Cluster, kept_cluster, server_binaries, throwaway_cluster
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.site import BASE_DIR, MANAGE, SECRETS, Site

SMALL, LARGE = 1_000, 1_000_000
ROUNDS = 7
MOST = 2.0
MORE = 2
PLANS, PLAN_LINES, PLAN_WIDTH = 3, 14, 150
BYTES_EACH = 12_000

METHOD = """\
{small:,} and {large:,} requests with three appointments for each ten, people, consents, history, calls, mails and openings, in two databases of one
throwaway PostgreSQL ({options}). One process of the site for each; both stay open, and each page is opened in the one and then in the
other, from request to HTML with the middleware, in {rounds} rounds after a first that is not counted. A ratio is the large database's time
over the small one's in the same round; shown are medians, the quartiles of the ratio, and the ratio of processor time, the site's and
the database's: it is the same on a machine that does other work as well, which adds to either time. A page is too dear where both
ratios are above {most:g}. Of each tab there is a full page in both."""

type Measured = tuple[str, list[dict[str, Any]], list[list[dict[str, float]]]]


class Desk:
    """A database with so many requests, and the process of the site that opens its pages."""

    def __init__(self, database: PostgreSQL, number: int, folder: Path) -> None:
        site = Site(database, folder)
        command = [
            *MANAGE,
            "shell",
            "--no-imports",
            "--command",
            f"from scripts import benched_desk as b; b.main({number})",
        ]
        self.process = subprocess.Popen(
            command, cwd=BASE_DIR, env=site.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._pass_on, daemon=True).start()
        self.said: list[str] = []
        self.pages: list[str] = self._read()["pages"]

    def _pass_on(self) -> None:
        """Show how far the writing has come."""
        for line in self.process.stderr or ():
            self.said.append(line)
            if "rows" in line:
                print(f"  {line.rstrip()}", flush=True)

    def ask(self, do: str, what: object) -> dict[str, Any]:
        """Have something done with a page."""
        assert self.process.stdin is not None  # noqa: S101  narrows the type
        self.process.stdin.write(json.dumps({"do": do, "what": what}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None  # noqa: S101  narrows the type
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            sys.exit(f"The bench failed:\n{''.join(self.said[-40:])}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


def main() -> int:
    """Measure; return 0 when no page costs more than twice, nor another number of queries."""
    large, rounds = int(os.environ.get("ROWS") or LARGE), int(os.environ.get("ROUNDS") or ROUNDS)
    if not (binaries := server_binaries()):
        print(f"Left out the desk: {MISSING}")
        return 0
    print(f"\n{METHOD.format(small=SMALL, large=large, options=FASTEST, rounds=rounds, most=MOST)}\n", flush=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-bench-desk-")))
        if shutil.disk_usage(folder).free < large * BYTES_EACH:
            sys.exit(f"{large:,} requests need {large * BYTES_EACH / 1e9:.0f} GB of disk; ROWS=50000 needs less.")
        options = f"{FASTEST} -c max_wal_size=8GB"
        if keep := os.environ.get("KEEP"):
            cluster = stack.enter_context(kept_cluster(binaries, Path(keep), options))
            keep_keys(Path(keep) / "keys.json")
        else:
            cluster = stack.enter_context(throwaway_cluster(binaries, options))
        desks = []
        for number in (SMALL, large):
            desks.append(Desk(database_of(cluster, number, folder), number, folder))
            stack.callback(desks[-1].close)
        return report(desks, measured(desks, rounds))


def keep_keys(path: Path) -> None:
    """Let the next run read what this one seals."""
    if path.exists():
        SECRETS.update(json.loads(path.read_text(encoding="ascii")))
    else:
        path.write_text(json.dumps(SECRETS), encoding="ascii")


def database_of(cluster: Cluster, number: int, folder: Path) -> PostgreSQL:
    """Return the database for so many requests: the one that was kept, with today's tables, or one without any."""
    kept = PostgreSQL(cluster, f"desk{number}")
    if kept.is_there():
        site = Site(kept, folder)
        site.manage("migrate", "--no-input", "--verbosity", "0")
        site.manage("collectstatic", "--no-input", "--verbosity", "0")
        return kept
    empty = PostgreSQL(cluster, "empty")
    return (empty if empty.is_there() else prepared(cluster, folder)).copy(kept.database)


def prepared(cluster: Cluster, folder: Path) -> PostgreSQL:
    """Return a database that has the sample site only."""
    database = PostgreSQL.empty(cluster, "empty")
    site = Site(database, folder)
    site.manage("migrate", "--no-input", "--verbosity", "0")
    site.manage("load_library")
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    return database


def measured(desks: list[Desk], rounds: int) -> Iterator[Measured]:
    """Yield each page with its queries and rows in both, and its times by round in both."""
    only = os.environ.get("ONLY", "")
    for page in (page for page in desks[0].pages if only in page):
        counts = [desk.ask("count", page) for desk in desks]
        yield page, counts, [[desk.ask("open", page) for desk in desks] for _ in range(rounds)]


def report(desks: list[Desk], pages: Iterable[Measured]) -> int:
    """Print the figures as they come and then the plans; return 0 when all is as it must be."""
    print(f"{'':34}{'rows':>11}{'queries':>10}{'ms':>8}{'ms':>8}{'ratio':>8}  {'quartiles':11}{'processor':>10}")
    dear, opened = [], 0
    for page, counts, times in pages:
        opened += 1
        small, large = (statistics.median(each[which]["seconds"] for each in times) * 1000 for which in (0, 1))
        low, ratio, high = statistics.quantiles([each[1]["seconds"] / each[0]["seconds"] for each in times], n=4)
        busy = statistics.median(each[1]["busy"] / each[0]["busy"] for each in times)
        rows, queries = ("/".join(str(count[what]) for count in counts) for what in ("rows", "queries"))
        # A list that fits on one page asks for no ids, and a search that finds one person leads there.
        is_dear = min(ratio, busy) > MOST or counts[1]["queries"] > counts[0]["queries"] + MORE
        dear += [page] if is_dear else []
        mark = " *" if is_dear else ""
        print(
            f"{page:34}{rows:>11}{queries:>10}{small:>8.0f}{large:>8.0f}{ratio:>8.2f}  "
            f"{f'{low:.2f}-{high:.2f}':11}{busy:>10.2f}{mark}",
            flush=True,
        )
    for plan in desks[-1].ask("explain", PLANS)["plans"]:
        print(f"\n{plan['seconds'] * 1000:.0f} ms, {plan['page']}:")
        if os.environ.get("FULL"):
            print(plan["statement"])
        print("\n".join(line[:PLAN_WIDTH] for line in plan["plan"][: None if os.environ.get("FULL") else PLAN_LINES]))
    print(
        f"\n{len(dear)} of {opened} pages cost more than {MOST:g} times: {', '.join(dear)}"
        if dear
        else "\nNo page costs more than twice."
    )
    return 1 if dear else 0


if __name__ == "__main__":
    sys.exit(main())
