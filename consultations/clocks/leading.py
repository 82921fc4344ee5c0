"""Which time zone is shown first (the place's or the visitor's), and which telephone number is shown."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import TYPE_CHECKING

from phonenumber_field.phonenumber import PhoneNumber

if TYPE_CHECKING:
    from content.models import Center, ClinicProfile


def clock(
    place: Center | None, own: zoneinfo.ZoneInfo | None, usual: Callable[[], zoneinfo.ZoneInfo]
) -> zoneinfo.ZoneInfo:
    """Return the clock of the place where people meet; without one that of whom it is about, or else the usual one.

    `usual` is asked only where it is needed.
    """
    return place.zone if place is not None else own or usual()


def usual_clock(asked: Center | None, clinic_zone: str | None) -> zoneinfo.ZoneInfo:
    """Return the clock where nobody named one: that of the center a request asks for, or else the clinic's."""
    return asked.zone if asked is not None else zoneinfo.ZoneInfo(clinic_zone or "UTC")


def phone(center: Center | None, clinic: ClinicProfile) -> PhoneNumber:
    """Return the number to call: the center's, and where it has none the clinic's."""
    return (center and center.phone) or clinic.phone
