"""A limit to a whole talk with a server: a socket's own time-out begins anew with each byte that comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def time_limit(seconds: float, cut: Callable[[], None]) -> Iterator[None]:
    """Call `cut`, in a thread of its own, once the block has taken so many seconds; it ends whatever the block waits for."""
    alarm = threading.Timer(seconds, cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def shut_down(sock: socket.socket | None) -> None:
    """Let whoever waits for a socket wait no longer."""
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
