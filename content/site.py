"""Facts every public page needs (clinic, notices, navigation), kept until the content version changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import (
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    StringAgg,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import HttpRequest
from django.utils import timezone

from content import targets, versions
from content.choices import PageKind
from content.models import Center, ClinicProfile, ContentVersion, Notice, Revision
from content.notices import Place, Span, next_change
from content.page_links import Page

# Articles and drawn comparisons are tens of kilobytes each.
MOST_PARTS = 500
# No code, zone or date holds these.
LINE, COLUMN = "\n", "|"


@dataclass(frozen=True)
class SiteFacts:
    """The clinic, its centers and where they are, and the edition: content version `version`, from `since` until `until` (UTC).

    Among the places is that of a reader who has not said where they are. `columns` are the pages that readers see, as
    `targets.in_one_column` gives them.
    """

    clinic: ClinicProfile
    center_count: int
    places: frozenset[Place]
    version: int
    since: dt.datetime
    until: dt.datetime
    columns: Mapping[PageKind, str | None]

    @cached_property
    def slugs(self) -> dict[Page, str]:
        """The slugs of all pages that texts may link to."""
        return targets.from_columns(self.columns)

    @property
    def edition(self) -> str:
        """A name for the time in which public pages do not change; what is drawn in one edition is not shown in the next."""
        return f"{self.version}-{self.until.timestamp():.6f}"

    def holds(self, version: int, now: dt.datetime) -> bool:
        """Whether it is still so at `now` and content version `version`."""
        return self.version == version and self.since <= now < self.until


class Memory:
    """What this process keeps of the edition that it served last."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know as little as a new process does."""
        versions.last_read.forget()
        self.facts: SiteFacts | None = None
        self._parts: tuple[str, dict[Hashable, object]] = ("", {})

    def parts_of(self, edition: str) -> dict[Hashable, object]:
        """Return the parts kept of `edition`; those of another one are given up."""
        # One pair, read and replaced whole: a slow request of the edition before must not write into the next one's parts.
        kept_edition, parts = self._parts
        if kept_edition != edition or len(parts) >= MOST_PARTS:
            parts = {}
            self._parts = (edition, parts)
        return parts


memory = Memory()


def read(now: dt.datetime) -> SiteFacts:
    """Return the facts as of `now`, in one query; before a profile exists, one that only says "Clinic".

    Public pages change without an edit when a revision goes live or is withdrawn, at its own moment; at midnight UTC,
    when reviews fall due; and where a notice begins or ends, at the midnight of each place that it is for.
    """
    going_live, ending = (
        Revision.objects.filter(**{f"{moment}__gt": now}).order_by(moment).values(moment)[:1]
        for moment in ("go_live_at", "withdrawn_at")
    )
    # Grouping by a constant makes the subquery return one number, also for an empty table.
    centers = Center.objects.order_by().values(one=OuterRef("pk")).annotate(number=Count("pk")).values("number")
    clinic = ClinicProfile.objects.annotate(
        center_count=Coalesce(Subquery(centers, output_field=IntegerField()), 0),
        places=_lines(Center.objects.all(), F("country_id"), F("region"), F("time_zone")),
        spans=_lines(
            Notice.objects.changing(now),
            F("regions"),
            Cast("starts_on", CharField()),
            Coalesce(Cast("ends_on", CharField()), Value("")),
        ),
        going_live=Subquery(going_live),
        ending=Subquery(ending),
        version=Subquery(ContentVersion.objects.filter(pk=1).values("number")),
        **{f"{kind}_pages": targets.in_one_column(kind, now) for kind in PageKind},
    ).first()
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    if clinic is None:
        empty = ClinicProfile(name="Clinic", short_name="Clinic")
        # Without a profile the moment of the next change is not known, so nothing is kept.
        nowhere = frozenset({Place.unknown(empty.time_zone)})
        return SiteFacts(empty, 0, nowhere, versions.NONE, since=now, until=now, columns={})
    columns = {kind: getattr(clinic, f"{kind}_pages") for kind in PageKind}
    places = frozenset({Place(*row) for row in _rows(clinic.places)} | {Place.unknown(clinic.time_zone)})
    changes = next_change((_span(*row) for row in _rows(clinic.spans)), places, now)
    until = min(midnight, clinic.going_live or midnight, clinic.ending or midnight, changes or midnight)
    version = clinic.version or versions.NONE
    return SiteFacts(clinic, clinic.center_count, places, version, since=now, until=until, columns=columns)


def _lines(rows: QuerySet[Any], *columns: Combinable) -> Subquery:
    """Return columns of `rows` as one text within another query: a line for each row."""
    parts = [part for column in columns for part in (column, Value(COLUMN))][:-1]
    texts = rows.order_by().values(one=OuterRef("pk"))
    texts = texts.annotate(text=StringAgg(Concat(*parts, output_field=TextField()), delimiter=Value(LINE)))
    return Subquery(texts.values("text"), output_field=TextField())


def _rows(text: str | None) -> list[list[str]]:
    return [line.split(COLUMN) for line in (text or "").splitlines()]


def _span(regions: str, first: str, last: str) -> Span:
    codes = frozenset(code for part in regions.split(",") if (code := part.strip()))
    return Span(codes, dt.date.fromisoformat(first), dt.date.fromisoformat(last) if last else None)


def note(request: HttpRequest, now: dt.datetime) -> int:
    """Note when a request for a page arrived, and at which content version, so that facts and parts are kept; return the version."""
    version = versions.last_read.at(now)
    request.arrived_at, request.content_version = now, version  # type: ignore[attr-defined]  # for `facts`
    return version


def note_anew(request: HttpRequest, now: dt.datetime) -> int:
    """Do the same where something that was kept has proved to be of an earlier edition: the version is asked for again."""
    versions.last_read.forget()
    request.__dict__.pop("site_facts", None)
    return note(request, now)


def facts(request: HttpRequest) -> SiteFacts:
    """Return the facts for this request, read once; where the content version was noted, once per edition.

    They are as of the request's arrival where that was noted: an article that goes live while the page is drawn
    must not be taken for one that is on it already.
    """
    found: SiteFacts | None = getattr(request, "site_facts", None)
    if found is None:
        now: dt.datetime = getattr(request, "arrived_at", None) or timezone.now()
        version: int | None = getattr(request, "content_version", None)
        found = memory.facts
        if found is None or version is None or not found.holds(version, now):
            found = memory.facts = read(now)
        request.site_facts = found  # type: ignore[attr-defined]  # a cache that lives as long as the request
    return found


def kept[Part](request: HttpRequest, key: Hashable, make: Callable[[], Part]) -> Part:
    """Return a part of public pages, made once by each process in an edition; `key` names it. It must not be changed.

    Pages that differ only by campaign or encoding are made of the same parts.
    """
    parts = memory.parts_of(facts(request).edition)
    if key not in parts:
        parts[key] = make()
    return parts[key]  # type: ignore[return-value]  # `key` names one kind of part
