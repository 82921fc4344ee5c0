"""Every table of the page of numbers, in its order; its file holds the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Count, QuerySet

from consultations.models import ConsultationRequest
from consultations.models.place import Viewer
from consultations.reports import capacity, numbers, response
from consultations.reports.asked import Asked
from consultations.reports.numbers import Places, Table, shown
from consultations.sheets import Row
from consultations.statuses import ClosedFor


def tables(user: Viewer, asked: Asked, now: dt.datetime) -> list[Table]:
    """Return them."""
    received, places = asked.received(ConsultationRequest.objects.visible_to(user)), Places(user)
    return [
        *numbers.tables(user, asked, now),
        _reasons(received, places),
        *capacity.tables(user, asked, places.own, now),
        *response.tables(received, places),
    ]


def _reasons(received: QuerySet[ConsultationRequest], places: Places) -> Table:
    """Return why requests were closed, by center."""
    closed = received.exclude(closed_for="").values_list("center", "closed_for")
    counted: Counter[tuple[str, str]] = Counter()
    for center, why, number in closed.annotate(number=Count("*")):
        counted[places.name(center), str(ClosedFor(why).label)] += number
    ordered = sorted(counted.items(), key=lambda one: (one[0][0], -one[1], one[0][1]))
    rows: list[Row] = [(place, why, shown(number, place)) for (place, why), number in ordered]
    return Table("reasons", "Closed, by reason", ("center", "reason", "requests"), rows)
