"""A network of this machine alone: a bridge, and a namespace with a cable to it for each machine that is played."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

# By name: the last part of the address. What is outside, as database and visitors, is at the bridge.
PLACES = {"proxy": 10, "a": 11, "b": 12}
OUTSIDE = 1


def refusal() -> str:
    """Return why no network can be made here, or ""."""
    if os.geteuid() != 0:
        return "Only root may make network namespaces: run this as root, on a machine or in a container made for such runs."
    if not shutil.which("ip"):
        return "There is no `ip` on this machine (Debian: iproute2)."
    done = subprocess.run(
        ["ip", "link", "add", "clinic-try", "type", "bridge"], capture_output=True, text=True, check=False
    )
    subprocess.run(["ip", "link", "delete", "clinic-try"], capture_output=True, check=False)
    return f"No bridge can be made here: {done.stderr.strip()}." if done.returncode else ""


class Network:
    """The bridge and the namespaces; names hold our process id, so that several runs do not meet."""

    def __init__(self) -> None:
        self.name = f"cl{os.getpid() % 1_000_000}"
        self.prefix = f"10.{100 + os.getpid() % 100}.{os.getpid() // 100 % 250}"

    @property
    def outside(self) -> str:
        """The address of this machine in it."""
        return f"{self.prefix}.{OUTSIDE}"

    def address(self, place: str) -> str:
        """Return the address of a played machine."""
        return f"{self.prefix}.{PLACES[place]}"

    def namespace(self, place: str) -> str:
        """Return the name of its namespace."""
        return f"{self.name}-{place}"

    def inside(self, place: str, command: Sequence[str]) -> list[str]:
        """Return a command that runs another one on a played machine."""
        return ["ip", "netns", "exec", self.namespace(place), *command]

    def processes(self, place: str) -> list[int]:
        """Return the ids of all that runs there; we have started all of it."""
        done = subprocess.run(
            ["ip", "netns", "pids", self.namespace(place)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in done.stdout.split()]

    def cut(self, place: str) -> None:
        """Pull its cable: packets to and from it vanish, and nobody is told."""
        ip("link", "set", self._cable(place), "down")

    def join(self, place: str) -> None:
        """Plug it in again."""
        ip("link", "set", self._cable(place), "up")

    def tune(self, place: str, file: Path) -> None:
        """Apply a file of sysctl to a played machine."""
        subprocess.run(self.inside(place, ["sysctl", "--quiet", "--load", str(file)]), check=True)

    @contextlib.contextmanager
    def up(self) -> Iterator[None]:
        """Make it, and remove it whatever happens."""
        try:
            ip("link", "add", self.name, "type", "bridge")
            ip("addr", "add", f"{self.outside}/24", "dev", self.name)
            ip("link", "set", self.name, "up")
            for place in PLACES:
                self._add(place)
            yield
        finally:
            for place in PLACES:
                subprocess.run(["ip", "netns", "delete", self.namespace(place)], capture_output=True, check=False)
            subprocess.run(["ip", "link", "delete", self.name], capture_output=True, check=False)

    def _add(self, place: str) -> None:
        space = self.namespace(place)
        ip("netns", "add", space)
        ip("link", "add", self._cable(place), "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("link", "set", self._cable(place), "master", self.name)
        ip("link", "set", self._cable(place), "up")
        ip("-n", space, "addr", "add", f"{self.address(place)}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "lo", "up")
        ip("-n", space, "link", "set", "eth0", "up")

    def _cable(self, place: str) -> str:
        return f"{self.name}{place[0]}"


def ip(*words: str) -> None:
    """Run `ip`; what it says where it fails is shown."""
    subprocess.run(["ip", *words], check=True)
