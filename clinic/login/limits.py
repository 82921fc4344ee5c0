"""How often somebody may try to log in. Everything here happens before a hash is computed.

No stranger can lock an account: tries are counted per account and network, and a network from which somebody logged in
with that account before has a turn of its own at the hash. Others take turns at a pace, so that guessing from anywhere
leaves the processor to the public pages.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from consultations.access import places
from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.limits.network import networks_of

# Of one process, in seconds: how long a known network waits for a turn at the hash, and how often strangers get one.
PATIENCE, PACE = 1.5, 0.5


class TooManyTries(ValidationError):
    """Somebody tries too often, or too many try at once. `seconds`: when it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = str(seconds)
        when = "in a few seconds" if seconds < 60 else f"in {-(-seconds // 60)} minutes"
        super().__init__(f"Too many log-in tries from here. Try again {when}.")

    def __str__(self) -> str:
        return str(self.message)


class Turns:
    """One hash at a time and process. Known networks wait for each other; strangers get a turn at a pace, or none.

    A stranger does not wait: whoever waits holds a thread, and those are for the public pages.
    """

    def __init__(self) -> None:
        self.known = threading.Lock()
        self.strangers = threading.Lock()
        self.free_at = 0.0

    def are_taken(self) -> bool:
        """Return whether a stranger would get none now."""
        return self.strangers.locked() or time.monotonic() < self.free_at

    @contextmanager
    def take(self, *, known: bool) -> Iterator[None]:
        """Hold a turn while a password is checked.

        Raises:
            TooManyTries: others are before us.
        """
        if known:
            if not self.known.acquire(timeout=PATIENCE):
                raise TooManyTries(2)
        elif self.are_taken() or not self.strangers.acquire(blocking=False):
            raise TooManyTries(2)
        try:
            yield
        finally:
            if known:
                self.known.release()
            else:
                self.free_at = time.monotonic() + PACE
                self.strangers.release()


turns = Turns()


def network_of(address: str) -> str:
    """Return the network by which an account is known: /24 of IPv4, /64 of IPv6, or "unknown"."""
    return next(iter(networks_of(address).values())) if address else "unknown"


def count_try(username: str, address: str, *, now: dt.datetime) -> bool:
    """Count a try with a password; return whether somebody logged in with this account from this network before.

    Raises:
        TooManyTries: this network has tried often enough, with this account or altogether.
    """
    own = network_of(address)
    known = places.is_known(username, own, now=now)
    _count(table.LOG_INS, address=address, account=username, now=now)
    # What others try from here does not stand in the way of an account that was used from here.
    if not known:
        used = places.is_used(own, now=now)
        _count(table.STAFF_NETWORK_LOG_INS if used else table.NETWORK_LOG_INS, address=address, now=now)
    return known


def is_busy(username: str, address: str, *, now: dt.datetime) -> bool:
    """Return whether this try gets no turn now; asks the database only where strangers would get none."""
    return turns.are_taken() and not places.is_known(username, network_of(address), now=now)


def count_code(user_id: int, username: str, address: str, *, now: dt.datetime) -> None:
    """Count a try with a code of the second factor, which only somebody who has the password can make.

    Raises:
        TooManyTries: this network has tried often enough, or all networks together that the account does not know.
    """
    _count(table.LOG_IN_CODES, address=address, account=str(user_id), now=now)
    if not places.is_known(username, network_of(address), now=now):
        _count(table.STRANGERS_CODES, account=str(user_id), now=now)


def count_passkey(address: str, *, now: dt.datetime) -> None:
    """Count a try with a passkey.

    Raises:
        TooManyTries: this network has tried often enough.
    """
    _count(table.PASSKEYS, address=address, now=now)


def _count(limit: table.Limit, *, now: dt.datetime, address: str | None = None, account: str | None = None) -> None:
    try:
        counting.hit(limit, now=now, address=address, account=account)
    except OverTheLimit as refusal:
        raise TooManyTries(refusal.seconds) from None
