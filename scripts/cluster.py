"""A PostgreSQL that lives only as long as it is needed, in a folder of its own, on a socket only."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# Nothing here outlives the machine, so nothing waits for the disk; what is committed survives a crash of the server.
FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200"
# This does not even survive that.
FASTEST = f"{FAST} -c synchronous_commit=off"
# This survives a power cut: for what is measured.
DURABLE = "-c max_connections=200"
TRUE = frozenset({"1", "true", "yes", "on"})
MISSING = "there is no PostgreSQL server on this machine."


@dataclass(frozen=True)
class Cluster:
    """A running server.

    Attributes:
        binaries: where initdb and pg_ctl are.
        folder: holds data, socket and log.
        user: who runs it; None for ourselves.
        options: how it is started.
    """

    binaries: Path
    folder: Path
    user: str | None
    options: str

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://clinic@{quote(str(self.folder), safe='')}/{database}"

    def create(self) -> None:
        """Make its files and start it."""
        names = ["-U", "clinic", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        as_user(self.user, [self.binaries / "initdb", "-D", self.folder / "data", *names], self.folder)
        self.start()

    def start(self, *, check: bool = True) -> None:
        """Start it and return when it answers, or, without `check`, when it did not come up."""
        listen = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self.control("-l", str(self.folder / "log"), "-o", f"{listen} {self.options}", "start", check=check)

    def runs(self) -> bool:
        """Return whether it lets clients in."""
        ready = [str(self.binaries / "pg_isready"), "-q", "-h", str(self.folder), "-U", "clinic"]
        return not subprocess.run(ready, check=False).returncode

    def crash(self) -> None:
        """End it at once, as if its processes were killed: no commit is waited for, and the next start recovers."""
        self.control("-m", "immediate", "stop")

    def restart(self) -> None:
        """Let it crash and start it again in one go."""
        self.control("-l", str(self.folder / "log"), "-m", "immediate", "restart")

    def control(self, *arguments: str, check: bool = True) -> None:
        """Run pg_ctl and wait for what it does."""
        command: list[str | Path] = [self.binaries / "pg_ctl", "-D", self.folder / "data", "-w", "-t", "60", *arguments]
        as_user(self.user, command, self.folder, check=check)


def required() -> bool:
    """Return whether leaving something out is an error: with CI=true or REQUIRE_ALL=1."""
    return any(os.environ.get(name, "").lower() in TRUE for name in ("CI", "REQUIRE_ALL"))


def server_binaries() -> Path | None:
    """Return the folder that holds initdb and pg_ctl: the newest of Debian's, or the one in the PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextlib.contextmanager
def throwaway_cluster(binaries: Path, options: str = FASTEST) -> Iterator[Cluster]:
    """Start a PostgreSQL that listens on a socket in a folder of its own; yield it, then stop and remove it."""
    # /tmp whatever TMPDIR says: a socket's path may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir="/tmp"))
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)
    cluster = Cluster(binaries, folder, user, options)
    try:
        cluster.create()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.control("-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept_cluster(binaries: Path, folder: Path, options: str = FASTEST) -> Iterator[Cluster]:
    """Start a PostgreSQL whose files stay in a folder, and make them where there are none; yield it, then stop it."""
    user = unprivileged_user()
    cluster = Cluster(binaries, folder, user, options)
    if not (folder / "data").exists():
        folder.mkdir(parents=True, exist_ok=True)
        if user:
            shutil.chown(folder, user)
        cluster.create()
    elif not (folder / "data" / "postmaster.pid").exists():
        cluster.start()
    try:
        yield cluster
    finally:
        cluster.control("-m", "fast", "stop", check=False)


def unprivileged_user() -> str | None:
    """Return who may run the server: PostgreSQL refuses root. None means ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def as_user(user: str | None, command: Sequence[str | Path], folder: Path, *, check: bool = True) -> None:
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
        sys.exit(f"The throwaway PostgreSQL failed:\n{said}")
