"""`make attacks`: runs every attack against a real server on both databases; exits with 1 when one of them works.

Everything happens on the loopback interface, bounded in count and time. `--checkout DIR` attacks another source tree, such
as an older version in which an attack worked: that shows that the attack can succeed (docs/attacks.md keeps its answers).
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.attacks import attacks
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict, table
from scripts.cluster import FAST, MISSING, required, server_binaries, throwaway_cluster
from scripts.faulting.databases import Database, PostgreSQL, SQLite
from scripts.faulting.site import BASE_DIR, running

type Attack = Callable[[AttackedSite], Verdict]


def main(arguments: list[str]) -> int:
    """Run what was asked for; return 0 when no attack worked."""
    parser = argparse.ArgumentParser(prog="make attacks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="Fewer tries of each, and only those that take seconds.")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", choices=sorted(attacks.ALL))
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--checkout", type=Path, default=BASE_DIR, help="The source tree that is attacked.")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = {name: attack for name, attack in attacks.ALL.items() if name in options.only or not options.only}
    rows = []
    for name, database, verdict in run(chosen, options.database, options.checkout.resolve(), quick=options.quick):
        rows.append((name, database, verdict))
        print(f"{'WORKED' if verdict.worked else 'held':6} {database:10} {name}: {verdict.got}", flush=True)
    print("", *table(rows), sep="\n")
    worked = [f"{name} on {database}" for name, database, verdict in rows if verdict.worked]
    print(f"\nThese attacks worked: {', '.join(worked)}." if worked else "\nNo attack worked.")
    return 1 if worked else 0


def run(
    chosen: Mapping[str, Attack], wanted: str, checkout: Path, *, quick: bool
) -> Iterator[tuple[str, str, Verdict]]:
    """Attack a fresh copy of the sample site with each; yield its name, the database's and the verdict."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-attacks-"))
    try:
        with contextlib.ExitStack() as stack:
            for prepared in databases(folder, wanted, checkout, stack):
                for name, attack in chosen.items():
                    place = folder / f"{prepared.name}-{name}"
                    place.mkdir()
                    site = AttackedSite(prepared.copy(name.replace("-", "_")), place, checkout, **attacks.SETTINGS)
                    site.quick = quick
                    with running(site):
                        site.start_worker(9)
                        yield name, prepared.name, attack(site)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def databases(folder: Path, wanted: str, checkout: Path, stack: contextlib.ExitStack) -> Iterator[Database]:
    """Yield the databases with the sample site and demo staff in them."""
    made: list[Database] = []
    if wanted != "postgresql":
        made.append(SQLite(folder / "prepared.sqlite3"))
    binaries = server_binaries()
    if wanted != "sqlite" and binaries:
        made.append(PostgreSQL.empty(stack.enter_context(throwaway_cluster(binaries, FAST)), "prepared"))
    elif wanted != "sqlite":
        if required() or wanted == "postgresql":
            sys.exit(f"PostgreSQL is required here, but {MISSING}")
        print(f"Left out PostgreSQL: {MISSING}", flush=True)
    for database in made:
        print(f"Preparing {database.name}", flush=True)
        site = AttackedSite(database, folder, checkout, **attacks.SETTINGS)
        site.manage("migrate", "--no-input", "--verbosity", "0")
        site.manage("collectstatic", "--no-input", "--verbosity", "0")
        site.manage("load_library", "--once")
        site.manage("load_demo", "--password-file", str(folder / "staff_password"))
        yield database


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
