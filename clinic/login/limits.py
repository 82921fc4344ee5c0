"""How often somebody may try to log in. Everything here happens before a hash is computed.

No stranger can lock an account: tries are counted per account and address, and a browser in which somebody logged in with
that account before has a count of its own, whatever its neighbours try.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from clinic.login import browsers
from consultations.access import places
from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.limits.network import networks_of


class TooManyTries(ValidationError):
    """Somebody tries too often, or too many try at once. `seconds`: when it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = str(seconds)
        when = "in a few seconds" if seconds < 60 else f"in {-(-seconds // 60)} minutes"
        super().__init__(f"Too many log-in tries from here. Try again {when}.")

    def __str__(self) -> str:
        return str(self.message)


def network_of(address: str) -> str:
    """Return the network by which an account is known: /24 of IPv4, /64 of IPv6, or "unknown"."""
    return next(iter(networks_of(address).values())) if address else "unknown"


def count_try(username: str, address: str, browser: str, *, now: dt.datetime) -> None:
    """Count a try with a password.

    Args:
        username: the account's, as typed.
        address: the visitor's network address, or "".
        browser: what the browser is known by (browsers.py), or "".

    Raises:
        TooManyTries: this browser, or else this address or network, has tried often enough.
    """
    if browsers.is_known(username, browser, now=now):
        _count(table.KNOWN_BROWSER_LOG_INS, browser=f"{username} {browser}", now=now)
        return
    own = network_of(address)
    _count(table.LOG_INS, address=address, account=username, now=now)
    # Tries at other accounts from here do not stand in the way of an account that was used from here.
    if not places.is_known(username, own, now=now):
        used = places.is_used(own, now=now)
        _count(table.STAFF_NETWORK_LOG_INS if used else table.NETWORK_LOG_INS, address=address, now=now)


def count_code(user_id: int, username: str, address: str, browser: str, *, now: dt.datetime) -> None:
    """Count a try with a code of the second factor, which only somebody who has the password can make.

    Raises:
        TooManyTries: this browser, or else this network, has tried often enough, or all networks together that the account
            does not know.
    """
    if browsers.is_known(username, browser, now=now):
        _count(table.KNOWN_BROWSER_CODES, browser=f"{user_id} {browser}", now=now)
        return
    _count(table.LOG_IN_CODES, address=address, account=str(user_id), now=now)
    if not places.is_known(username, network_of(address), now=now):
        _count(table.STRANGERS_CODES, account=str(user_id), now=now)


def count_passkey(address: str, browser: str, *, now: dt.datetime) -> None:
    """Count a try with a passkey.

    Raises:
        TooManyTries: this browser, or else this network, has tried often enough.
    """
    if browsers.is_used(browser, now=now):
        _count(table.KNOWN_BROWSER_LOG_INS, browser=browser, now=now)
    else:
        _count(table.PASSKEYS, address=address, now=now)


def _count(
    limit: table.Limit,
    *,
    now: dt.datetime,
    address: str | None = None,
    account: str | None = None,
    browser: str | None = None,
) -> None:
    try:
        counting.hit(limit, now=now, address=address, account=account, browser=browser)
    except OverTheLimit as refusal:
        raise TooManyTries(refusal.seconds) from None
