"""The site with rules that see no bookings: every time looks free to everybody, and only the database can say no."""

from __future__ import annotations

from collections import defaultdict
from unittest import mock

from clinic.wsgi import application
from consultations.booking import rows
from consultations.booking.availability import BusyTime

__all__ = ["application"]


def nothing_taken(*_: object) -> defaultdict[int, list[BusyTime]]:
    """Read no bookings."""
    return defaultdict(list)


mock.patch.object(rows, "taken", nothing_taken).start()
