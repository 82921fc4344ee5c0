"""Which notices are shown at a place and when that changes: therapy × place × the date on the place's own clock.

A notice that names regions is the wording for those places. A default notice stands in where a therapy that needs a
wording has none: see `missing`. A place is where a law holds, and its clock says when a day begins there.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from content import richtext
from content.choices import RegulatoryStatus
from content.models import Center, ClinicProfile, Notice, Therapy

DAY = dt.timedelta(days=1)
# More places, centers or notices than these are counted and not named.
SHOWN = 3
# Of these the laws that the sample cites ask for a notice: a use that no regulator has approved.
NEEDS_WORDING = (RegulatoryStatus.OFF_LABEL, RegulatoryStatus.INVESTIGATIONAL, RegulatoryStatus.UNAPPROVED)


@dataclass(frozen=True, order=True)
class Place:
    """Where a law holds: ISO 3166-1 country, ISO 3166-2 region or "", and the IANA name of its clock's zone."""

    country: str
    region: str
    time_zone: str

    @classmethod
    def of(cls, center: Center) -> Place:
        """Return where a center is."""
        return cls(center.country_id, center.region, center.time_zone)

    @classmethod
    def unknown(cls, time_zone: str) -> Place:
        """Return the place of somebody who has not said where they are: no law of a place, and the clinic's clock."""
        return cls("", "", time_zone or "UTC")

    @property
    def code(self) -> str:
        """The most exact code of where it is, such as US-WA; "" where that is not known."""
        return self.region or self.country

    def today(self, now: dt.datetime) -> dt.date:
        """Return the date on its clocks."""
        return now.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()

    def day_begins(self, day: dt.date) -> dt.datetime:
        """Return the instant (UTC) at which `day` begins there; where clocks skip midnight, the moment they jump."""
        # With fold 0 a skipped time is read by the clock before the jump, which gives the jump itself (PEP 495).
        return dt.datetime.combine(day, dt.time(), tzinfo=zoneinfo.ZoneInfo(self.time_zone)).astimezone(dt.UTC)


@dataclass(frozen=True)
class Span:
    """From the first to the last day on which a notice is shown, both included; None: until changed."""

    regions: frozenset[str]
    first: dt.date
    last: dt.date | None


def next_change(spans: Iterable[Span], places: Iterable[Place], now: dt.datetime) -> dt.datetime | None:
    """Return the next instant (UTC) at which a notice begins or ends at one of `places`; None where none does."""
    everywhere = list(places)
    moments = [
        place.day_begins(day)
        for span in spans
        for place in everywhere
        if not span.regions or {place.country, place.region} & span.regions
        for day in (span.first, span.last and span.last + DAY)
        if day
    ]
    return min((moment for moment in moments if moment > now), default=None)


def all_near(now: dt.datetime) -> list[Notice]:
    """Return the notices that may be shown somewhere at `now`, with the therapies that each names; one query."""
    return list(Notice.objects.current_somewhere(now).with_therapies())


def shown_at(place: Place, now: dt.datetime, notices: Sequence[Notice], therapies: Iterable[Therapy]) -> list[Notice]:
    """Return the notices of a place for `therapies`, defaults among them where one of these has no wording there.

    Args:
        place: where.
        now: when; the place's own date counts.
        notices: what `all_near` returned.
        therapies: those that the page or the clinic is about.
    """
    about = {therapy.pk: therapy for therapy in therapies}
    here = [notice for notice in notices if notice.covers(place.region, place.country)]
    here = [notice for notice in here if notice.is_current(place.today(now))]
    lacking = {therapy.pk for therapy in missing(place, now, notices, about.values())}
    return [notice for notice in here if _fits(notice, lacking if notice.is_default else about.keys())]


def shown_anywhere(
    places: Iterable[Place], now: dt.datetime, notices: Sequence[Notice], therapies: Iterable[Therapy]
) -> list[Notice]:
    """Return the notices that are shown for `therapies` in at least one of `places`: for pages that are of no place."""
    about = list(therapies)
    found = {notice.pk for place in places for notice in shown_at(place, now, notices, about)}
    return [notice for notice in notices if notice.pk in found]


def missing(place: Place, now: dt.datetime, notices: Iterable[Notice], therapies: Iterable[Therapy]) -> list[Therapy]:
    """Return those of `therapies` that need a wording and have none that names the place today."""
    today = place.today(now)
    bound = [
        notice
        for notice in notices
        if notice.region_list
        and not notice.is_default
        and notice.covers(place.region, place.country)
        and notice.is_current(today)
    ]
    return [
        therapy
        for therapy in therapies
        if therapy.regulatory_status in NEEDS_WORDING and not any(_fits(notice, {therapy.pk}) for notice in bound)
    ]


def for_center(center: Center | None, now: dt.datetime) -> list[Notice]:
    """Return what whoever asks at a center is shown, by whatever is offered there; None is a place that is not known.

    It depends on the place and never on what somebody chose or wrote, so that it may stand in a mail.
    """
    zone = "" if center else ClinicProfile.objects.values_list("time_zone", flat=True).first()
    place = Place.of(center) if center else Place.unknown(zone or "")
    return shown_at(place, now, all_near(now), Therapy.objects.all())


def warnings(now: dt.datetime) -> list[str]:
    """Return in sentences, for a manager, where wordings are missing, unconfirmed or of no use; three queries.

    What is the same of several places or notices is one sentence, which says of how many and names some.
    """
    everything, therapies = all_near(now), list(Therapy.objects.all())
    centers = list(Center.objects.select_related("country"))
    places = {Place.of(center) for center in centers}
    idle, unconfirmed = [], []
    for notice in everything:
        if not any(notice.covers(place.region, place.country) for place in places):
            idle.append(
                f"“{notice}” names {notice.regions or 'no place'}, where there is no center: nobody is shown it."
            )
        elif (notice.region_list or notice.is_default) and not notice.counsel_confirmed:
            unconfirmed.append(f"“{notice}”")
    found = [*_places_without(everything, therapies, centers, now), *idle]
    return [*found, f"{_few(unconfirmed)}: have counsel confirm the wording."] if unconfirmed else found


def _places_without(
    everything: Sequence[Notice], therapies: list[Therapy], centers: Iterable[Center], now: dt.datetime
) -> Iterator[str]:
    """Yield a sentence for each list of therapies that some places have no wording for."""
    alike: dict[str, list[tuple[str, list[Center]]]] = defaultdict(list)
    for code, group in groupby(sorted(centers, key=_by_code), key=_by_code):
        here = list(group)
        place = Place.of(here[0])
        if lacking := missing(place, now, everything, therapies):
            default = any(notice.is_default for notice in shown_at(place, now, everything, therapies))
            instead = "the default notice is shown" if default else "there is no default notice either"
            names = ", ".join(therapy.short_name for therapy in lacking)
            alike[f"for {names}; {instead}"].append((f"{here[0].country} ({code})", here))
    for lacks, found in alike.items():
        if len(found) == 1:
            ((where, here),) = found
            yield f"{where}: no notice names this place {lacks}. Centers: {_few([center.name for center in here])}."
        else:
            yield f"{len(found)} places: no notice names them {lacks}. {_few([where for where, _ in found])}."


def in_words(notice: Notice) -> str:
    """Return a notice as plain text, its title on a line of its own."""
    return f"{notice.title}\n{richtext.to_text(notice.text)}"


def _by_code(center: Center) -> str:
    return Place.of(center).code


def _few(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _fits(notice: Notice, therapies: Iterable[int]) -> bool:
    """Whether a notice is for one of `therapies`, by id. One that names none is for all; a default only for some."""
    named, wanted = notice.therapy_ids, set(therapies)
    if not named:
        return bool(wanted) or not notice.is_default
    return bool(named & wanted)
