"""A server of gunicorn's own, with an application that answers anything."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def listening(*options: str) -> Iterator[tuple[tuple[str, int], list[str]]]:
    """Yield where it listens, and a list that holds what it said from then on once it has ended."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket"),
            *options,
            "wsgiref.simple_server:demo_app",
        ],
        cwd=settings.BASE_DIR,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    said: list[str] = []
    with server:
        try:
            lines = (re.search(r"Listening at: http://(.*):(\d+)", line) for line in server.stderr)
            found = next(one for one in lines if one)
            yield (found[1], int(found[2])), said
        finally:
            server.terminate()
            said.append(server.stderr.read())
