"""Disks so small that they can be filled up: memory that is mounted, which takes root."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.cluster import Cluster, as_user, unprivileged_user

MEGABYTE, PAGE = 1 << 20, 1 << 12
# Commits wait for the disk here, and little is set aside for them, so that a full disk is felt.
OPTIONS = "-c max_connections=100 -c min_wal_size=32MB -c max_wal_size=64MB"
SIZE = 300


@dataclass(frozen=True)
class Disk:
    """A mounted folder."""

    path: Path

    def fill(self) -> None:
        """Write until there is no space left, behind what was written before."""
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as file:
            for block in (b"\0" * MEGABYTE, b"\0" * PAGE):
                with contextlib.suppress(OSError):
                    while file.write(block):
                        pass

    def clear(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.path / "filler"


@contextlib.contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[Disk]:
    """Mount a disk of a size at a new folder, and take it away again, but for logs; end in words where that is not allowed."""
    path.mkdir(mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"No small disk can be mounted, which takes root: {done.stderr.strip()}")
    try:
        yield Disk(path)
    finally:
        for log in path.glob("*.log"):
            shutil.copy(log, path.parent)
        subprocess.run(["umount", "--lazy", str(path)], check=False)


@contextlib.contextmanager
def cluster_on_small_disk(binaries: Path) -> Iterator[tuple[Cluster, Disk]]:
    """Start a PostgreSQL whose data are on a small disk; yield both, then stop and remove it."""
    # /tmp whatever TMPDIR says: a socket's path may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir="/tmp"))
    user = unprivileged_user()
    try:
        with small_disk(folder / "disk", SIZE) as disk:
            data = disk.path / "data"
            data.mkdir(mode=0o700)
            (folder / "data").symlink_to(data)
            if user:
                for path in (folder, disk.path, data):
                    shutil.chown(path, user)
            cluster = Cluster(binaries, folder, user, OPTIONS)
            try:
                cluster.create()
                yield cluster, disk
            finally:
                disk.clear()
                cluster.control("-m", "immediate", "stop", check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def move_in(binaries: Path, source: str, target: Cluster) -> None:
    """Copy a database, named by its URL, into the first one of a cluster."""
    dump = target.folder / "dump.sql"
    as_user(None, [binaries / "pg_dump", "--no-owner", "-d", source, "-f", dump], target.folder)
    as_user(None, [binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", target.url, "-f", dump], target.folder)
    dump.unlink()
