"""Which failures of the database count as its being out of reach, and whose number is believed then."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NoReturn

import psycopg
import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.utils import timezone

from content import outages, versions
from content.outages import Unreachable, VersionReading
from tests.factories import NOW

STARTING, FULL = "57P03", "53300"
SERVER = """
import socket, sys
fields = f"SFATAL\\0VFATAL\\0C{sys.argv[1]}\\0Mno\\0\\0".encode()
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    peer, _ = server.accept()
    while len(peer.recv(1000)) == 8:  # asks for TLS
        peer.sendall(b"N")
    peer.sendall(b"E" + (len(fields) + 4).to_bytes(4) + fields)
    peer.close()
"""
MINUTE = dt.timedelta(minutes=1)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def nobody_there() -> NoReturn:
    """Read as from a database that is away."""
    raise Unreachable


def no_place_left() -> NoReturn:
    """Read as from a server, or from a pool, that takes nobody in."""
    raise OperationalError


@contextmanager
def server_that_says(state: str) -> Iterator[dict[str, Any]]:
    """Yield the parameters of a server that refuses everybody with an SQLSTATE, as PostgreSQL's protocol has it.

    It is a process of its own: the driver lets no other thread run while it asks for the server's state.
    """
    with subprocess.Popen([sys.executable, "-c", SERVER, state], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yield {"host": "127.0.0.1", "port": port, "user": "clinic", "dbname": "clinic"}
        server.kill()


def address_of(server: socket.socket) -> dict[str, Any]:
    """Return the parameters with which a client connects there."""
    host, port = server.getsockname()
    return {"host": host, "port": port, "user": "clinic", "dbname": "clinic"}


def test_server_that_nobody_listens_for_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        parameters = address_of(closed)

    with pytest.raises(Unreachable):
        outages.read_by_itself(versions.NUMBER, parameters)


def test_server_that_is_starting_is_unreachable() -> None:
    with server_that_says(STARTING) as parameters, pytest.raises(Unreachable):
        outages.read_by_itself(versions.NUMBER, parameters)


def test_server_without_a_place_for_us_is_not_unreachable() -> None:
    with server_that_says(FULL) as parameters, pytest.raises(psycopg.OperationalError):
        outages.read_by_itself(versions.NUMBER, parameters)


def test_silent_server_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        outages.read_by_itself(versions.NUMBER, address_of(silent))


@pytest.mark.parametrize(
    ("shared", "usable"),
    [
        (None, VersionReading(4, NOW)),
        (VersionReading(3, NOW - MINUTE), VersionReading(4, NOW)),
        (VersionReading(5, NOW + MINUTE), VersionReading(5, NOW + MINUTE)),
        (VersionReading(None, NOW - MINUTE), VersionReading(4, NOW)),
    ],
)
def test_latest_reading_is_used(shared: VersionReading | None, usable: VersionReading) -> None:
    if shared is not None:
        outages.share(shared)

    assert outages.latest_usable(VersionReading(4, NOW), LONG_AGO, NOW + 2 * MINUTE) == usable


def test_number_from_before_an_edit_of_another_process_is_not_used() -> None:
    outages.share(VersionReading(None, NOW + MINUTE))

    with pytest.raises(Unreachable):
        outages.latest_usable(VersionReading(4, NOW), LONG_AGO, NOW + 2 * MINUTE)


def test_number_from_before_an_edit_of_this_process_is_not_used() -> None:
    outages.share(VersionReading(4, NOW))

    with pytest.raises(Unreachable):
        outages.latest_usable(None, NOW + MINUTE, NOW + 2 * MINUTE)


def test_earlier_reading_does_not_take_the_place_of_a_later_one() -> None:
    kept = [outages.share(reading) for reading in (VersionReading(None, NOW), VersionReading(4, NOW - MINUTE))]

    assert kept == [True, False]
    assert outages.shared() == VersionReading(None, NOW)


@pytest.mark.django_db(transaction=True)
def test_edit_is_shared_once_it_is_committed() -> None:
    with time_machine.travel(NOW, tick=False):
        with transaction.atomic():
            versions.bump()
            before = cache.get(outages.CACHE_KEY)

        assert (before, outages.shared()) == (None, VersionReading(None, NOW))


@pytest.mark.django_db(transaction=True)
def test_first_number_read_after_an_edit_is_shared_at_once() -> None:
    versions.bump()
    versions.last_read.at(timezone.now())

    shared = outages.shared()
    assert shared is not None
    assert shared.number == versions.current()


def test_number_is_read_the_usual_way() -> None:
    assert outages.CircuitBreaker().ask(lambda: 4, nobody_there) == 4


def test_used_up_pool_does_not_make_a_database_unreachable() -> None:
    assert outages.CircuitBreaker().ask(no_place_left, lambda: 4) == 4


def test_server_without_a_place_is_no_reason_to_believe_an_old_number() -> None:
    with pytest.raises(OperationalError) as raised:
        outages.CircuitBreaker().ask(no_place_left, no_place_left)

    assert raised.type is OperationalError


def test_database_that_is_away_is_not_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    breaker, asked = outages.CircuitBreaker(), []

    def ask() -> NoReturn:
        asked.append(1)
        raise Unreachable

    for _ in range(3):
        with pytest.raises(Unreachable):
            breaker.ask(no_place_left, ask)
    few = len(asked)
    monkeypatch.setattr(outages, "PAUSE", 0)

    assert breaker.is_lost() is False
    assert (few, breaker.ask(no_place_left, lambda: 4), breaker.ask(lambda: 5, nobody_there)) == (1, 4, 5)


def test_nobody_waits_for_one_whose_question_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "SLOW", 0)
    breaker, hangs, goes_on = outages.CircuitBreaker(), threading.Event(), threading.Event()

    def hang() -> int:
        hangs.set()
        goes_on.wait(10)
        return 4

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(breaker.ask, hang, nobody_there)
        hangs.wait(10)
        with pytest.raises(Unreachable):
            breaker.ask(hang, nobody_there)
        goes_on.set()

        assert first.result(10) == 4


def test_database_is_lost_once_it_was_away_for_a_while_and_until_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "BRIDGED", 0)
    monkeypatch.setattr(outages, "PAUSE", 0)
    breaker, lost = outages.CircuitBreaker(), []
    with pytest.raises(Unreachable):
        breaker.ask(no_place_left, nobody_there)
    lost.append(breaker.is_lost())

    breaker.ask(no_place_left, lambda: 4)

    lost.append(breaker.is_lost())
    assert lost == [True, False]
