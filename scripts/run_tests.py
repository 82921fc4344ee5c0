"""`make test`: runs the tests on SQLite, and on a PostgreSQL that lives only as long as they do.

PostgreSQL is taken from TEST_DATABASE_URL or started here; the browser is Debian's Chromium. What this machine lacks is
left out with a sentence; with CI=true or REQUIRE_ALL=1 it is an error instead. Arguments are handed to pytest.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser")
TRUE = {"1", "true", "yes", "on"}


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
        left_out.append("Left out the run on PostgreSQL: there is no PostgreSQL server on this machine.")
    if left_out and required():
        print("\n".join(left_out), "Both are required here (CI or REQUIRE_ALL is set).", sep="\n", file=sys.stderr)
        return 1
    failed = [name for name, run in runs(server, options) if run]
    print("\n".join([*left_out, f"Failed on {' and '.join(failed)}." if failed else "All tests passed."]), flush=True)
    return 1 if failed else 0


def required() -> bool:
    """Return whether leaving something out is an error."""
    return any(os.environ.get(name, "").lower() in TRUE for name in ("CI", "REQUIRE_ALL"))


def runs(server: Path | None, options: list[str]) -> Iterator[tuple[str, int]]:
    """Run pytest on one database after the other; yield each one's name with pytest's exit code."""
    yield "SQLite", run_pytest("SQLite", "", options)
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield "PostgreSQL", run_pytest("the PostgreSQL of TEST_DATABASE_URL", given, options)
    elif server:
        with throwaway_cluster(server) as url:
            yield "PostgreSQL", run_pytest("a throwaway PostgreSQL", url, options)


def run_pytest(title: str, url: str, options: list[str]) -> int:
    """Run pytest on one database and return its exit code."""
    print(f"\nTests on {title}", flush=True)
    workers = [] if any(option.startswith("-n") for option in options) else ["-n", "2"]
    command = [sys.executable, "-m", "pytest", *workers, *options]
    return subprocess.run(command, cwd=BASE_DIR, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode


def server_binaries() -> Path | None:
    """Return the folder that holds initdb and pg_ctl: the newest of Debian's, or the one in the PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextlib.contextmanager
def throwaway_cluster(binaries: Path) -> Iterator[str]:
    """Start a PostgreSQL that listens on a socket in a folder of its own; yield its URL, then stop and remove it."""
    # /tmp whatever TMPDIR says: a socket's path may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir="/tmp"))
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    start = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c synchronous_commit=off"
    start += " -c full_page_writes=off -c max_connections=200"
    initdb = [binaries / "initdb", "-D", data, "-U", "clinic", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    try:
        as_user(user, initdb, folder)
        as_user(
            user,
            [binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", start, "start"],
            folder,
        )
        yield f"postgresql://clinic@{quote(str(folder), safe='')}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            as_user(user, [binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_user() -> str | None:
    """Return who may run the server: PostgreSQL refuses root. None means ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def as_user(user: str | None, command: list[str | Path], folder: Path, *, check: bool = True) -> None:
    """Run a program of PostgreSQL's; where it fails, show what it and the server's log said."""
    # The folder is left first: an unprivileged user may not be allowed to see where we are.
    done = subprocess.run(
        command,
        cwd=folder,
        user=user,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if check and done.returncode:
        log = folder / "log"
        said = done.stdout.decode(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
        sys.exit(f"The throwaway PostgreSQL did not start:\n{said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
