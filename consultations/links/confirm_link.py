"""Links by which a visitor confirms an address: signed, for one version of one request's contact, and for a while.

The token names the request, the version and when it was issued, so it is the same whenever its mail is built. A leaf.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing

SALT = "consultations.confirm"
LASTS = dt.timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """What a link asks to confirm."""

    request: int
    version: int


def token_for(request: int, version: int, *, issued: dt.datetime) -> str:
    """Return the token for a version of a request's contact."""
    return signing.Signer(salt=SALT).sign_object([request, version, int(issued.timestamp())])


def read(token: str, *, now: dt.datetime) -> Asked | None:
    """Return what a genuine token asks, or None for one that is forged or too old."""
    try:
        request, version, issued = signing.Signer(salt=SALT).unsign_object(token)
        at = dt.datetime.fromtimestamp(issued, tz=dt.UTC)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Asked(request, version) if now < at + LASTS else None
