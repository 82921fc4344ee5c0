"""A probe is answered in time, whatever the database's server does. Ours need not be PostgreSQL for that."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from clinic import readiness

IN_TIME = 1.5


def address_of(server: socket.socket) -> dict[str, Any]:
    """Return the parameters with which a client connects there."""
    host, port = server.getsockname()
    return {"host": host, "port": port, "user": "clinic", "dbname": "clinic"}


def timed(parameters: dict[str, Any]) -> tuple[str, bool]:
    """Return what is wrong with a server, and whether that was said in time."""
    began = time.monotonic()
    return readiness.fault_of_server(parameters), time.monotonic() - began < IN_TIME


def test_silent_server_is_given_up_in_time_each_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answers = [timed(address_of(silent)) for _ in range(3)]

    assert answers == [("no answer within 1 s", True)] * 3


@pytest.mark.parametrize("host", ["127.0.0.1", "/nowhere"])
def test_server_that_refuses_is_given_up_at_once(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        parameters = address_of(closed) | {"host": host}

    why, in_time = timed(parameters)

    assert (why.startswith("connection"), "\n" in why, in_time) == (True, False, True)


def test_setting_that_the_driver_refuses_is_a_fault_in_one_line() -> None:
    why, in_time = timed({"host": "127.0.0.1", "port": "none"})

    assert (why != "", "\n" in why, in_time) == (True, False, True)
