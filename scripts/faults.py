"""`make faults`: kills, stops and restarts what a site consists of while visitors use it, and counts what is lost or doubled.

Everything is real: gunicorn, workers, an SMTP server, SQLite and a PostgreSQL that lives only as long as this runs. All
of it is on the loopback interface and in a folder of its own. docs/faults.md tells what is done and how it is counted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.cluster import FAST, MISSING, required, server_binaries, throwaway_cluster
from scripts.faulting.databases import Database, PostgreSQL, SQLite
from scripts.faulting.findings import Findings, table
from scripts.faulting.mail_faults import competing_workers, control, failing_mail_server, killed_workers
from scripts.faulting.mixed import mixed_load
from scripts.faulting.site import BASE_DIR, Site
from scripts.faulting.web_faults import crashing_database, killed_web

type Scenario = Callable[[Database, Path], Findings]


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    requests: int
    worker_kills: int
    web_kills: int
    aimed_kills: int
    crashes: int
    competing: int
    mixed: float
    full_for: float
    away_for: float


FULL = Scale(
    requests=6,
    worker_kills=50,
    web_kills=25,
    aimed_kills=12,
    crashes=5,
    competing=60,
    mixed=600,
    full_for=60,
    away_for=20,
)
QUICK = Scale(
    requests=2, worker_kills=6, web_kills=6, aimed_kills=3, crashes=2, competing=10, mixed=60, full_for=6, away_for=4
)
# These need PostgreSQL.
SERVER_ONLY = "46"


def main(arguments: list[str]) -> int:
    """Run what was asked for; return 0 when every number is what it must be."""
    parser = argparse.ArgumentParser(prog="make faults", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="Fewer of everything.")
    parser.add_argument("--only", default="0123456", metavar="DIGITS", help="Which scenarios, such as 24.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=3, help="Where kills fall.")
    options = parser.parse_args(arguments)
    # TERM ends us like Ctrl-C does, through every `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The mail server breaks off on purpose; its complaints are not news.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    began = time.monotonic()
    chosen = scenarios(QUICK if options.quick else FULL, options.seed)
    found = []
    for findings in run({name: chosen[name] for name in options.only}, options.database):
        found.append(findings)
        print(*findings.lines(), sep="\n", flush=True)
    print("", *table(found), sep="\n")
    failed = [f"{findings.title.split()[0]} on {findings.database}" for findings in found if findings.failed]
    print(
        f"\n{time.monotonic() - began:.0f} s.",
        f"Failed: {', '.join(failed)}." if failed else "Nothing was lost or doubled.",
    )
    return 1 if failed else 0


def scenarios(scale: Scale, seed: int) -> dict[str, Scenario]:
    """Return what can be run, by its digit."""
    return {
        "0": control,
        "1": partial(failing_mail_server, requests=scale.requests),
        "2": partial(killed_workers, kills=scale.worker_kills, seed=seed),
        "3": partial(killed_web, kills=scale.web_kills, aimed=scale.aimed_kills, seed=seed),
        "4": partial(crashing_database, crashes=scale.crashes),
        "5": partial(competing_workers, requests=scale.competing),
        "6": partial(mixed_load, seconds=scale.mixed, full_for=scale.full_for, away_for=scale.away_for),
    }


def run(chosen: dict[str, Scenario], wanted: str) -> Iterator[Findings]:
    """Run scenarios on one database after the other and yield what they found."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-faults-"))
    good = True
    try:
        collect_static(folder)
        with contextlib.ExitStack() as stack:
            for prepared in databases(folder, wanted, stack):
                for digit, scenario in chosen.items():
                    if digit in SERVER_ONLY and not isinstance(prepared, PostgreSQL):
                        continue
                    place = folder / f"{prepared.name}-{digit}"
                    place.mkdir()
                    findings = scenario(prepared.copy(f"scenario_{digit}"), place)
                    findings.end()
                    good = good and not findings.failed
                    yield findings
    except BaseException:
        good = False
        raise
    finally:
        if good:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"The logs are in {folder}", file=sys.stderr)


def databases(folder: Path, wanted: str, stack: contextlib.ExitStack) -> Iterator[Database]:
    """Yield the databases under test, each with the sample site in it; end with words where one that is required is missing."""
    made: list[Database] = []
    if wanted != "postgresql":
        made.append(SQLite(folder / "prepared.sqlite3"))
    binaries = server_binaries()
    if wanted != "sqlite" and binaries:
        cluster = stack.enter_context(throwaway_cluster(binaries, FAST))
        made.append(PostgreSQL.empty(cluster, "prepared"))
    elif wanted != "sqlite":
        if required() or wanted == "postgresql":
            sys.exit(f"PostgreSQL is required here, but {MISSING}")
        print(f"Left out PostgreSQL: {MISSING}", flush=True)
    for database in made:
        print(f"Preparing {database.name}", flush=True)
        site = Site(database, folder)
        site.manage("migrate", "--no-input", "--verbosity", "0")
        site.manage("load_library")
        yield database


def collect_static(folder: Path) -> None:
    """Collect static files where some are new or were changed since that was done; it takes a while."""
    manifest, source = BASE_DIR / "staticfiles" / "staticfiles.json", BASE_DIR / "static"
    collected = set(json.loads(manifest.read_text(encoding="utf-8"))["paths"]) if manifest.exists() else set()
    files = [path for path in source.rglob("*") if path.is_file()]
    if any(
        path.relative_to(source).as_posix() not in collected or path.stat().st_mtime > manifest.stat().st_mtime
        for path in files
    ):
        Site(SQLite(folder / "none.sqlite3"), folder).manage("collectstatic", "--no-input", "--verbosity", "0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
