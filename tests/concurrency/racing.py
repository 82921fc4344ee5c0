"""Runs things in threads, each with a database connection of its own: many at the same moment, or one until it waits for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections, transaction

# Seconds: longer than anything here takes on a busy machine.
PATIENCE = 60


@dataclass
class Outcome[T]:
    """What the threads got, in the order of their numbers."""

    returned: list[T] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)


def race[T](times: int, work: Callable[[int], T]) -> Outcome[T]:
    """Call `work(0)` to `work(times - 1)` at once and return what came of it."""
    gate = threading.Barrier(times)
    returned: dict[int, T] = {}
    raised: dict[int, BaseException] = {}

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            returned[number] = work(number)
        except Exception as error:  # noqa: BLE001  what a thread raises is what the test looks at
            raised[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return Outcome([returned[n] for n in sorted(returned)], [raised[n] for n in sorted(raised)])


@contextmanager
def blocked[T](work: Callable[[], T], *, by: Callable[[], object]) -> Iterator[Future[T]]:
    """Call `by` in a transaction, then `work` in a thread until it waits for what that holds; yield what will come of it.

    The transaction is over behind the block. Only on PostgreSQL: on SQLite a transaction waits for any other.
    """

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        by()
        running = pool.submit(run)
        _until_it_waits(running)
        yield running


def _until_it_waits(running: Future[Any]) -> None:
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            assert not running.done(), running
            # For this transaction: tests that run beside this one, in databases of their own, wait too.
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
    raise TimeoutError("Nothing waits.")
