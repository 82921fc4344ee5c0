"""Page of centers ordered by their soonest free slot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consultations.booking import schedule, timetable
from consultations.booking.schedule import Soonest
from consultations.clocks import wording
from consultations.intake import typed
from consultations.models import AppointmentType
from consultations.statuses import Channel
from consultations.views.limited import costly
from consultations.views.outage import keeps_answers
from content import text
from content.found.page import Page
from content.models import Center
from content.views.base import read_only

# Free times go by the minute; a cache in between may answer a crowd for this long.
FRESH = "public, max-age=60"


@keeps_answers("consultations/unavailable.html", ())
@costly
@read_only
def soonest(request: HttpRequest) -> HttpResponse:
    """List the centers, narrowed to a country or a city; the same for everyone, and in a fixed number of queries."""
    now = timezone.now()
    asked = typed.tidied(request.GET)
    city = text.on_one_line(asked.get("city", ""))[:60]
    centers = list(Center.objects.filter(open_to_requests=True).select_related("country"))
    countries = {center.country.code: center.country.name for center in centers}
    country = asked.get("country", "") if asked.get("country", "") in countries else ""
    kinds = list(AppointmentType.objects.filter(active=True, channel=Channel.IN_PERSON))
    kind = next((one for one in kinds if one.slug == asked.get("visit", "")), next(iter(kinds), None))
    fits = [center for center in centers if _fits(center, country, city)]
    listed = schedule.soonest(kind, fits, now=now) if kind else [Soonest(center, None) for center in fits]
    context: dict[str, Any] = {
        "page": Page(
            "Soonest free times",
            "Centers by their next free time for a consultation, the soonest first, each on its own clock.",
            "/consultation/soonest/",
            crumbs=[("Home", "/"), ("Centers", "/centers/")],
        ),
        "countries": sorted(countries.items(), key=lambda item: item[1]),
        "cities": sorted({center.city for center in centers}),
        "kinds": kinds,
        "kind": kind,
        "country": country,
        "city": city,
        "listed": [_line(one) for one in listed],
        "days": schedule.DAYS_SHOWN,
    }
    response = render(request, "consultations/soonest.html", context)
    response.headers["Cache-Control"] = FRESH
    return response


def _fits(center: Center, country: str, city: str) -> bool:
    return (not country or center.country_id == country) and city.casefold() in center.city.casefold()


def _line(one: Soonest) -> dict[str, Any]:
    return {
        "center": one.center,
        "clock_name": wording.clock_name(one.center.zone),
        "time": timetable.time_of(one.offer.starts_at, one.center.zone, None) if one.offer else None,
    }
