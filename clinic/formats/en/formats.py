"""Dates and times of lists at the desk: as on its pages, and with the zone named, as a moment without one says nothing."""

from __future__ import annotations

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "D j M Y, H:i e"
