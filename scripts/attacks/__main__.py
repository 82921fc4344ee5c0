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
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.attacks import attacks
from scripts.attacks.site import AttackedSite
from scripts.attacks.verdicts import Verdict, table
from scripts.cluster import FAST, MISSING, required, server_binaries, throwaway_cluster
from scripts.faulting.databases import Database, PostgreSQL, SQLite
from scripts.faulting.site import BASE_DIR, running
from scripts.faults import collect_static

# One process for all: each takes seconds to start.
PREPARE = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("load_library", once=True)
call_command("load_demo", "--password-file", "{passwords}")
"""

type Attack = Callable[[AttackedSite], Verdict]


def main(arguments: list[str]) -> int:
    """Run what was asked for; return 0 when no attack worked."""
    parser = argparse.ArgumentParser(prog="make attacks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="Fewer tries of each, under smaller limits.")
    parser.add_argument(
        "--short", action="store_true", help="The same on one site per database, each where it matters."
    )
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", choices=sorted(attacks.ALL))
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--checkout", type=Path, default=BASE_DIR, help="The source tree that is attacked.")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = {name: attack for name, attack in attacks.ALL.items() if name in options.only or not options.only}
    settings = attacks.SETTINGS | ({"LIMITS": attacks.SHORT_LIMITS} if options.quick or options.short else {})
    begun, rows = time.monotonic(), []
    with run_folder() as folder, contextlib.ExitStack() as stack:
        for prepared in databases(folder, options.database, options.checkout.resolve(), stack):
            if options.short:
                found = on_one_site(prepared, short(chosen, prepared), options.checkout.resolve(), settings)
            else:
                found = each_on_its_own(prepared, chosen, options.checkout.resolve(), settings, quick=options.quick)
            for name, verdict in found:
                rows.append((name, prepared.name, verdict))
                seconds, begun = time.monotonic() - begun, time.monotonic()
                print(
                    f"{'WORKED' if verdict.worked else 'held':6} {prepared.name:10} {name} ({seconds:.0f} s): {verdict.got}",
                    flush=True,
                )
    print("", *table(rows), sep="\n")
    worked = [f"{name} on {database}" for name, database, verdict in rows if verdict.worked]
    print(f"\nThese attacks worked: {', '.join(worked)}." if worked else "\nNo attack worked.")
    return 1 if worked else 0


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """Make a folder for the run and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-attacks-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def short(chosen: Mapping[str, Attack], database: Database) -> dict[str, Attack]:
    """Return what a short run does on a database."""
    left_out = attacks.LONG | (attacks.ONCE if isinstance(database, PostgreSQL) else set())
    return {name: attack for name, attack in chosen.items() if name not in left_out}


def each_on_its_own(
    prepared: Database, chosen: Mapping[str, Attack], checkout: Path, settings: Mapping[str, str], *, quick: bool
) -> Iterator[tuple[str, Verdict]]:
    """Attack a fresh copy of the sample site with each; yield its name and the verdict."""
    for name, attack in chosen.items():
        with attacked(prepared, name, checkout, settings) as site:
            site.quick = quick
            yield name, attack(site)


def on_one_site(
    prepared: Database, chosen: Mapping[str, Attack], checkout: Path, settings: Mapping[str, str]
) -> Iterator[tuple[str, Verdict]]:
    """Attack one copy with all, one after the other: each has networks, names and mailboxes of its own."""
    with attacked(prepared, "short", checkout, settings) as site:
        site.quick = True
        for name, attack in chosen.items():
            yield name, attack(site)


@contextlib.contextmanager
def attacked(prepared: Database, name: str, checkout: Path, settings: Mapping[str, str]) -> Iterator[AttackedSite]:
    """Run a copy of the sample site, with its worker."""
    folder = Path(tempfile.mkdtemp(prefix=f"clinic-attacked-{name}-"))
    try:
        site = AttackedSite(
            prepared.copy(f"{name}_{prepared.name}".lower().replace("-", "_")), folder, checkout, **settings
        )
        with running(site):
            site.start_worker(9)
            yield site
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
    collect(folder, checkout)
    for database in made:
        print(f"Preparing {database.name}", flush=True)
        site = AttackedSite(database, folder, checkout, **attacks.SETTINGS)
        site.manage("shell", "--no-imports", "--command", PREPARE.format(passwords=folder / "staff_password"))
        yield database


def collect(folder: Path, checkout: Path) -> None:
    """Collect the static files of the tree under attack; of our own only where they were changed, as that takes a while."""
    if checkout == BASE_DIR:
        collect_static(folder)
    else:
        site = AttackedSite(SQLite(folder / "none.sqlite3"), folder, checkout, **attacks.SETTINGS)
        site.manage("collectstatic", "--no-input", "--verbosity", "0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
