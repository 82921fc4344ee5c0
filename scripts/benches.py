"""`make bench`: every measurement of docs/bench.md, one after the other, with the machine they were made on.

`ARGS="--only pages"` runs one of them, `ARGS="--without desk"` all but one; both may be given more than once.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from scripts.processes import nginx, valkey

PARTS = {
    "pages": "scripts.bench",
    "times": "scripts.bench_booking",
    "claims": "scripts.bench_claims",
    "proxy": "scripts.one_machine --bench",
    "start": "scripts.bench_start",
    "desk": "scripts.bench_desk",
}
# What may not be on a machine; a part without it is left out, and that is said.
NEEDS: dict[str, dict[str, Callable[[], str | None]]] = {
    "proxy": {"nginx": nginx, "Valkey or Redis": valkey, "wrk": partial(shutil.which, "wrk")}
}


def main(arguments: list[str]) -> int:
    """Run the parts asked for, say which missed a bar; return 0 when none did."""
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="Run this part and no other.")
    parser.add_argument("--without", action="append", choices=PARTS, default=[], help="Leave this part out.")
    options = parser.parse_args(arguments)
    chosen = [part for part in options.only or PARTS if part not in options.without]
    print(f"{machine()}\nParts: {', '.join(chosen)}.", flush=True)
    missed = []
    for part in chosen:
        if lacking := [name for name, find in NEEDS.get(part, {}).items() if find() is None]:
            print(f"\nLeft out {part}: not installed on this machine: {', '.join(lacking)}.", flush=True)
        elif subprocess.run([sys.executable, "-m", *PARTS[part].split()], check=False).returncode:
            missed.append(part)
    print(f"\nMissed a bar: {', '.join(missed)}." if missed else "\nAll parts met their bars.")
    return 1 if missed else 0


def machine() -> str:
    """Name what the figures depend on: processor, cores, memory, system, Python, and how busy it is already."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load before the start: {load} (over 1, 5 and 15 minutes)"
    )


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
