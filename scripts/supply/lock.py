"""Reads the lock: requirements.txt as `uv pip compile` writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import Marker

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LOCK = BASE_DIR / "requirements.txt"
PINNED = re.compile(r"^([a-z0-9.-]+)(?:\[[^]]*])?==([^ ;\\]+)(?: ; ([^\\]+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:([0-9a-f]{64})(?: \\)?$")
ASKED_BY = re.compile(r"^    # via (.+)$|^    #   (.+)$")


@dataclass
class Package:
    """A locked package.

    Attributes:
        marker: on which machines it is installed, as the lock says it; "" for all.
        hashes: SHA-256 of each file that may be installed.
        asked_by: the packages that need it, and `-r requirements.in` where we do.
    """

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)

    def is_installed_here(self) -> bool:
        """Return whether this machine is one of those that get it."""
        return not self.marker or Marker(self.marker).evaluate()


def read_lock(path: Path = LOCK) -> list[Package]:
    """Return the locked packages in the order of the file; a line that is none of what we know raises ValueError."""
    packages: list[Package] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if pinned := PINNED.match(line):
            packages.append(Package(pinned[1], pinned[2], pinned[3] or ""))
        elif found := HASH.match(line):
            packages[-1].hashes.append(found[1])
        elif asked := ASKED_BY.match(line):
            packages[-1].asked_by.append(asked[1] or asked[2])
        elif line and not line.startswith(("#", "    # via")):
            raise ValueError(f"{path.name}:{number} is no line of a lock with hashes.")
    return packages
