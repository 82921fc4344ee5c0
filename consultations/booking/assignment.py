"""Which consultant gets an appointment when several are free: the one with the fewest lately, with the reason stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import Count, Max

from consultations.models import Appointment
from consultations.statuses import ACTIVE, OUTCOMES

# Visits from this long ago on count, so that somebody new does not get every visit until they have caught up with years.
LOOKING_BACK = dt.timedelta(days=28)
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


def choose(free: Collection[int], *, names: Mapping[int, str], now: dt.datetime) -> tuple[int, str]:
    """Return the consultant with the fewest visits, past four weeks and to come, and why.

    Of several with equally few it is the one whose latest booking was made longest ago, so that they take turns. Call it
    with the consultants locked, so that the numbers still hold when the choice is written.
    """
    if len(free) == 1:
        (only,) = free
        return only, "Only one consultant was free."
    rows = (
        Appointment.objects.filter(consultant__in=free, status__in=ACTIVE | OUTCOMES, starts_at__gte=now - LOOKING_BACK)
        .values("consultant")
        .annotate(visits=Count("pk"), latest=Max("created_at"))
    )
    visits = {row["consultant"]: (row["visits"], row["latest"]) for row in rows.order_by()}
    ranked = sorted(free, key=lambda consultant: (*visits.get(consultant, (0, LONG_AGO)), consultant))
    fewest, second = (visits.get(consultant, (0, LONG_AGO))[0] for consultant in ranked[:2])
    chosen = ranked[0]
    if fewest < second:
        why = f"Fewest visits of {len(free)} who were free: {fewest}, the next has {second}."
    else:
        why = (
            f"Next in turn of {len(free)} who were free: as few visits as others ({fewest}), longest without a new one."
        )
    return chosen, f"{names[chosen]}: {why}"
