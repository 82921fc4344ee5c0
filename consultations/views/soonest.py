"""Page of centers ordered by their soonest free slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
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
from content.models import Center, ClinicProfile
from content.site import facts, kept
from content.views.base import read_only

# Free times go by the minute; a cache in between may answer a crowd for this long.
FRESH = "public, max-age=60"


@dataclass(frozen=True)
class Drawn:
    """A center with the parts of its line that are the same throughout an edition: its name with its place, and the ways to ask."""

    center: Center
    name: str
    ways: str
    clock_name: str


@keeps_answers("consultations/unavailable.html", ())
@costly
@read_only
def soonest(request: HttpRequest) -> HttpResponse:
    """List the centers, narrowed to a country or a city; the same for everyone, and in a fixed number of queries."""
    now = timezone.now()
    asked = typed.tidied(request.GET)
    city = text.on_one_line(asked.get("city", ""))[:60]
    drawn = kept(request, "soonest: centers", lambda: _drawn(facts(request).clinic))
    centers = [one.center for one in drawn.values()]
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
        "listed": [_line(one, drawn[one.center.pk]) for one in listed],
        "days": schedule.DAYS_SHOWN,
    }
    response = render(request, "consultations/soonest.html", context)
    response.headers["Cache-Control"] = FRESH
    return response


def _fits(center: Center, country: str, city: str) -> bool:
    return (not country or center.country_id == country) and city.casefold() in center.city.casefold()


def _drawn(clinic: ClinicProfile) -> dict[int, Drawn]:
    """Return the centers that take requests, by key, with what an edition of the page always says of them."""
    centers = Center.objects.filter(open_to_requests=True).select_related("country")
    name, ways = (get_template(f"consultations/soonest.html#{part}") for part in ("name", "ways"))
    return {
        center.pk: Drawn(center, name.render(told), ways.render(told), wording.clock_name(center.zone))
        for center in centers
        for told in ({"center": center, "clinic": clinic},)
    }


def _line(one: Soonest, drawn: Drawn) -> dict[str, Any]:
    return {
        "name": drawn.name,
        "ways": drawn.ways,
        "clock_name": drawn.clock_name,
        "time": timetable.time_of(one.offer.starts_at, one.center.zone, None) if one.offer else None,
    }
