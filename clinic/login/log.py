"""What is logged of log-ins and accounts: who, what, and from where as a digest.

Never an address, a password, a code, or what was typed where no account has that name: people type passwords into the
wrong field.
"""

from __future__ import annotations

import logging

from django.contrib.auth.models import User
from django.http import HttpRequest

from clinic.login import limits
from consultations.links import digests
from consultations.views import origin

logger = logging.getLogger("clinic.access")
PURPOSE = "clinic.access"


def place_of(request: HttpRequest | None) -> str:
    """Return a name for a network that can be compared with other lines and not read back."""
    if request is None:
        return "-"
    return digests.keyed(PURPOSE, limits.network_of(origin.address(request)))[:16]


def note(what: str, user_id: object, request: HttpRequest | None = None, **more: object) -> None:
    """Write one line: what happened with which account, by whom where that is somebody else, and from where."""
    details = "".join(f" {name}={value}" for name, value in more.items())
    logger.info("%s account=%s place=%s%s", what, user_id, place_of(request), details)


def refused(request: HttpRequest, username: str, *, why: str) -> None:
    """Write that somebody was not let in: with the number of the account, or that there is none."""
    found = User.objects.filter(username=username).values_list("pk", flat=True).first()
    note("refused", found or "none", request, why=why)
