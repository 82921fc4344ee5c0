"""Page of centers ordered by their soonest free slot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

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
from content.models import Center
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


@keeps_answers("consultations/unavailable.html", ())
@costly
@read_only
def soonest(request: HttpRequest) -> HttpResponse:
    """List the centers, narrowed to a country or a city; the same for everyone, and in a fixed number of queries."""
    now = timezone.now()
    asked = typed.tidied(request.GET)
    city = text.on_one_line(asked.get("city", ""))[:60]
    drawn = _drawn(request)
    centers = [one.center for one in drawn.values()]
    countries = {center.country_id for center in centers}
    country = asked.get("country", "") if asked.get("country", "") in countries else ""
    kinds = list(AppointmentType.objects.filter(active=True, channel=Channel.IN_PERSON))
    kind = next((one for one in kinds if one.slug == asked.get("visit", "")), next(iter(kinds), None))
    fits = [center for center in centers if _fits(center, country, city)] if country or city else centers
    listed = schedule.soonest(kind, fits, now=now) if kind else [Soonest(center, None) for center in fits]
    context: dict[str, Any] = {
        "page": Page(
            "Soonest free times",
            "Centers by their next free time for a consultation, the soonest first, each on its own clock.",
            "/consultation/soonest/",
            crumbs=[("Home", "/"), ("Centers", "/centers/")],
        ),
        "countries": kept(request, ("soonest: countries", country), lambda: _countries(request, country)),
        "cities": kept(request, "soonest: cities", lambda: _cities(request)),
        "kinds": kinds,
        "kind": kind,
        "country": country,
        "city": city,
        "listed": [_line(one, drawn[one.center.pk]) for one in listed],
    }
    response = render(request, "consultations/soonest.html", context)
    response.headers["Cache-Control"] = FRESH
    return response


def _fits(center: Center, country: str, city: str) -> bool:
    return (not country or center.country_id == country) and city.casefold() in center.city.casefold()


def _drawn(request: HttpRequest) -> dict[int, Drawn]:
    """Return the centers that take requests, by key, with what an edition of the page always says of them."""

    def draw() -> dict[int, Drawn]:
        clinic = facts(request).clinic
        centers = Center.objects.filter(open_to_requests=True).select_related("country")
        return {
            center.pk: Drawn(center, _part("name", told), _part("ways", told))
            for center in centers
            for told in ({"center": center, "clinic": clinic},)
        }

    return kept(request, "soonest: centers", draw)


def _countries(request: HttpRequest, chosen: str) -> str:
    # Asked for here, so that what is kept of them depends on the centers too.
    names = {one.center.country.code: one.center.country.name for one in _drawn(request).values()}
    countries = sorted(names.items(), key=lambda item: item[1])
    return _part("countries", {"countries": countries, "country": chosen})


def _cities(request: HttpRequest) -> str:
    return _part("cities", {"cities": sorted({one.center.city for one in _drawn(request).values()})})


@lru_cache(maxsize=1024)
def _when(start: dt.datetime | None, zone: ZoneInfo) -> str:
    """Return the words on a free time, or on there being none; drawn once, since it stays that of its center for a while."""
    time = timetable.time_of(start, zone, None) if start else None
    told = {"time": time, "clock_name": wording.clock_name(zone), "days": schedule.DAYS_SHOWN}
    return _part("when", told)


def _part(name: str, told: dict[str, Any]) -> str:
    # Safe text, as templates give it.
    return get_template(f"consultations/soonest.html#{name}").render(told)


def _line(one: Soonest, drawn: Drawn) -> tuple[str, str, str]:
    return drawn.name, _when(one.offer and one.offer.starts_at, one.center.zone), drawn.ways
