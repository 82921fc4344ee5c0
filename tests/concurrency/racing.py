"""Runs the same thing in many threads that begin at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connections


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
