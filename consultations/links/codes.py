"""Short codes sent by mail: derived from a random mark and the secret key, so that the database holds none. A leaf."""

from __future__ import annotations

import hmac

from consultations.links import digests

PURPOSE = "consultations.codes"
DIGITS = 8


def code_of(mark: str) -> str:
    """Return the digits that belong to a mark."""
    return f"{int(digests.keyed(PURPOSE, mark), 16) % 10**DIGITS:0{DIGITS}d}"


def matches(mark: str, typed: str) -> bool:
    """Return whether these digits were typed, spaces aside."""
    return hmac.compare_digest(code_of(mark), "".join(typed.split()))
