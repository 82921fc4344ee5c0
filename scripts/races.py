"""`make races`: a hundred people want one time at the same moment, and it is booked once; without the database's key it is not.

Everything is real: gunicorn with several processes, forms over the loopback interface, SQLite and a PostgreSQL that lives
only as long as this runs. Races 8 and 9 are controls: they take the guards away and must see double bookings.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.faulting.findings import Findings, table
from scripts.faults import collect_static, databases
from scripts.racing.contests import PROCESSES, THREADS, Contest, prepare, races
from scripts.racing.plain_sql import plain_sql

# Seconds; on a machine with nothing else to do it takes a quarter of this.
LONGEST = 600
TOTALS = ("forms", "booked", "refused", "5xx", "rows", "overlaps")


def main(arguments: list[str]) -> int:
    """Run what was asked for; return 0 when every number is what it must be."""
    known = dict(sorted({**races(), "7": plain_sql}.items()))
    parser = argparse.ArgumentParser(prog="make races", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--people", type=int, default=100, help="How many want one time at once.")
    parser.add_argument("--only", default="".join(known), metavar="DIGITS", help="Which races, such as 139.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args(arguments)
    # TERM ends us like Ctrl-C does, through every `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"Given up after {LONGEST} seconds."))
    signal.alarm(LONGEST)
    began = time.monotonic()
    print(f"{options.people} people; {PROCESSES} web processes with {THREADS} threads each", flush=True)
    found: list[Findings] = []
    for findings in run({digit: known[digit] for digit in options.only}, options.database, options.people):
        found.append(findings)
        print(*findings.lines(), sep="\n", flush=True)
    print("", *table(found, TOTALS), sep="\n")
    failed = [f"{findings.title.split()[0]} on {findings.database}" for findings in found if findings.failed]
    verdict = f"Failed: {', '.join(failed)}." if failed else "No time was given twice while the database's key stood."
    print(f"\n{time.monotonic() - began:.0f} s.", verdict)
    return 1 if failed else 0


def run(chosen: dict[str, Contest], wanted: str, people: int) -> Iterator[Findings]:
    """Run races on one database after the other, each on a copy, and yield what they found."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-races-"))
    good = False
    try:
        collect_static(folder)
        failed = False
        with contextlib.ExitStack() as stack:
            for prepared in databases(folder, wanted, stack):
                stage = prepare(prepared, folder, people)
                for digit, race in chosen.items():
                    place = folder / f"{prepared.name}-{digit}"
                    place.mkdir()
                    findings = race(prepared.copy(f"race_{digit}"), place, stage)
                    findings.end()
                    failed |= findings.failed
                    yield findings
        good = not failed
    finally:
        if good:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"The logs are in {folder}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
