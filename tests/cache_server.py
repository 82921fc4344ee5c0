"""A cache server of the tests' own, on a socket in a folder: Valkey, or Redis where that is installed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.cluster import required
from scripts.processes import valkey


@contextmanager
def cache_server(folder: Path) -> Iterator[str]:
    """Run one that keeps nothing on disk; yield its address. Without a program the test is left out, but not where all is required."""
    program = valkey()
    if program is None:
        (pytest.fail if required() else pytest.skip)("There is neither valkey-server nor redis-server.")
    socket = folder / "cache.sock"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert any("ready to accept connections" in line.lower() for line in server.stdout)
            yield f"unix://{socket}"
        finally:
            server.terminate()
