"""The files in which the web server's processes count for Prometheus: one for each of them, and one for all that have ended.

The library reads the files of processes that ended for as long as they are there. Without more, a server whose processes are
replaced every few hours would have one file more each time, and show the gauges of processes that are gone.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterable, Set
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

ENDED = "ended"
LOCK = "lock"
NEW = "new"


class Collector(MultiProcessCollector):
    """Reads what all have counted; never while counts are on their way from one file to another, to be read twice or not at all."""

    def collect(self) -> Iterable[Metric]:
        """Return the metrics of all processes, added up."""
        with (Path(self._path) / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            metrics: Iterable[Metric] = super().collect()  # type: ignore[no-untyped-call]  # the library leaves it out
            return metrics


def add_up_ended(folder: Path, running: Set[int]) -> None:
    """Add what processes have counted that are not running any more to one file, forget their gauges, and remove their files.

    While somebody reads the files, nothing is done: the next call does it. So a reader that hangs holds nobody up.

    Raises:
        OSError: when the disk is full, for example; what was counted is still there.
    """
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for path in sorted(folder.glob("*.db")):
            kind, _, process = path.stem.rpartition("_")
            if process == ENDED or int(process) in running:
                continue
            if not kind.startswith("gauge"):
                _add(path, folder / f"{kind}_{ENDED}.db")
            path.unlink()


def _add(path: Path, total: Path) -> None:
    """Add the numbers in a file to those of another one, which is replaced as a whole."""
    files = [one for one in (total, path) if one.exists()]
    new = total.with_name(NEW)
    with new.open("wb") as out:
        # Taken from the disk beforehand: where there is no room this says so, while writing into a file through memory would end
        # the process. No key is in the sum that is in neither of them.
        os.posix_fallocate(out.fileno(), 0, sum(_used(one) for one in files))
    sums = MmapedDict(str(new))  # type: ignore[no-untyped-call]  # the library leaves it out
    for one in files:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(one)):  # type: ignore[no-untyped-call]
            before, _ = sums.read_value(key)  # type: ignore[no-untyped-call]
            sums.write_value(key, before + value, 0)  # type: ignore[no-untyped-call]
    sums.close()  # type: ignore[no-untyped-call]
    new.replace(total)


def _used(path: Path) -> int:
    """Return how much of a file is used, which is its first number."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(4), sys.byteorder)
