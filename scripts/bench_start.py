"""`make bench`, last part: how long `make run` takes from a clone to its first answer, beside installing what it needs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.faulting.findings import wait_until
from scripts.faulting.site import BASE_DIR
from scripts.processes import free_port

ROUNDS = 3
BAR_SECONDS = 15
LONGEST_SECONDS = 600
METHOD = f"""\
`make run` in a clone of what is committed, with no virtual environment and with nothing in its environment but PATH and HOME; {ROUNDS} rounds.
  install  from the start until the packages are installed: from pip's cache where it has them, otherwise with the download
  answer   from then until the front page answers 200: migrations, the sample site, the web server
The goal is an answer at most {BAR_SECONDS} seconds after the download."""


@dataclass(frozen=True)
class Start:
    """One start: the seconds of both parts."""

    install: float
    answer: float


def main() -> int:
    """Measure, print; return 0 when the slowest answer came in time."""
    print(f"\n{METHOD}\n")
    starts = [measured() for _ in range(ROUNDS)]
    print(f"{'install, s':>12}{'answer, s':>12}{'answer / install':>19}")
    for start in starts:
        print(f"{start.install:12.1f}{start.answer:12.1f}{start.answer / start.install:19.2f}")
    return 0 if max(start.answer for start in starts) <= BAR_SECONDS else 1


def measured() -> Start:
    """Start the site from a new clone and stop it again."""
    with tempfile.TemporaryDirectory(prefix="clinic-bench-start-") as folder:
        clone, port = Path(folder) / "clinic", free_port()
        subprocess.run(["git", "clone", "--quiet", str(BASE_DIR), str(clone)], check=True)
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with (Path(folder) / "log").open("w+b") as log:
            began = time.perf_counter()
            site = subprocess.Popen(
                [shutil.which("make") or "make", "run", f"PORT={port}"],
                cwd=clone,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                stamp = clone / ".venv" / "run.stamp"
                installed = moment(stamp.exists, site, log.name)
                answered = moment(lambda: answers(port), site, log.name)
            finally:
                os.killpg(site.pid, signal.SIGTERM)
                site.wait(timeout=60)
    return Start(install=installed - began, answer=answered - installed)


def moment(happened: Callable[[], bool], site: subprocess.Popen[bytes], log: str) -> float:
    """Return when it happened (of `time.perf_counter`); stop with what the site printed where it ends before."""
    wait_until(lambda: happened() or site.poll() is not None, LONGEST_SECONDS)
    now = time.perf_counter()
    if not happened():
        sys.exit(f"`make run` did not come up:\n{Path(log).read_text(encoding='utf-8', errors='replace')}")
    return now


def answers(port: int) -> bool:
    """Whether the front page answers 200."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
