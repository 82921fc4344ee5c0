"""Who of many that want to log in at once goes first, so that they leave the processor to the public pages.

A log-in costs a page and a hash, and anybody may ask for it. Log-in pages are therefore answered one at a time, with a pause
after each that is a multiple of what it took: strangers get at most a tenth of one process, networks in which staff have
logged in before at most half. Whoever comes in between waits a moment; the more wait, the shorter each. All of this is per
process and held in memory, as what it shares out is a process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Most threads of a process are for the public pages: no more than this many wait at one gate.
MOST_WAITING = 12
# Seconds. A page that took long, as the first of a new process, does not close the gate for longer.
LONGEST_PAUSE = 1.0
# Seconds that somebody who may log in waits until the hash is free.
HASH_PATIENCE = 1.5


class Gate:
    """Lets one through at a time, with a pause after each.

    Args:
        pause: how many times as long as it took the gate stays closed after each.
        patience: seconds that somebody waits who is alone in waiting; of several each waits its share of that.
        clock: tells the seconds.
    """

    def __init__(self, *, pause: float, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pause = pause
        self.patience = patience
        self.clock = clock
        self.condition = threading.Condition()
        self.is_taken = False
        self.free_at = 0.0
        self.waiting = 0

    def try_to_enter(self) -> bool:
        """Enter if nobody is in and the pause is over; return whether we did. Who has entered must `leave`."""
        with self.condition:
            if self.is_taken or self.clock() < self.free_at:
                return False
            self.is_taken = True
            return True

    def wait_to_enter(self) -> bool:
        """Enter as `try_to_enter` does, after a while if need be; return whether we did."""
        with self.condition:
            if self.waiting >= MOST_WAITING:
                return False
            self.waiting += 1
            until = self.clock() + self.patience / self.waiting
            try:
                while (now := self.clock()) < until:
                    if not self.is_taken and now >= self.free_at:
                        self.is_taken = True
                        return True
                    self.condition.wait((until if self.is_taken else min(until, self.free_at)) - now)
                return False
            finally:
                self.waiting -= 1

    def leave(self, *, seconds: float) -> None:
        """Let the next one in after the pause; `seconds` is how long we were in."""
        with self.condition:
            self.is_taken = False
            self.free_at = self.clock() + min(self.pause * seconds, LONGEST_PAUSE)
            self.condition.notify_all()


class Hash:
    """One password is hashed at a time: a hash fills a core, whoever asks for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Hold the turn while a password is checked, or yield False where it did not come."""
        came = self.lock.acquire(timeout=HASH_PATIENCE)
        try:
            yield came
        finally:
            if came:
                self.lock.release()


def strangers_gate() -> Gate:
    """Return a gate that takes at most a tenth of a process."""
    return Gate(pause=9, patience=2)


def staffs_gate() -> Gate:
    """Return a gate that takes at most half of a process."""
    return Gate(pause=1, patience=4)


strangers, staff, hashing = strangers_gate(), staffs_gate(), Hash()
