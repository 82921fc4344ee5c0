"""Every table of the page of numbers, in its order; its file holds the same."""

from __future__ import annotations

import datetime as dt

from consultations.models import ConsultationRequest
from consultations.models.place import Viewer
from consultations.reports import capacity, numbers, response
from consultations.reports.asked import Asked
from consultations.reports.numbers import Places, Table
from consultations.reports.settled import Settled


def tables(user: Viewer, asked: Asked, now: dt.datetime) -> list[Table]:
    """Return them."""
    days, places = Settled(user, now), Places(user)
    return [
        *numbers.tables(days, asked, places),
        *capacity.tables(days, asked, places.own),
        *response.tables(asked.received(ConsultationRequest.objects.visible_to(user)), places),
    ]
