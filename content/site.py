"""Facts every public page needs (clinic, notices, navigation), kept until the content version changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from content import targets, versions
from content.choices import PageKind
from content.models import Center, ClinicProfile, ContentVersion, Revision
from content.page_links import Page

# Articles and drawn comparisons are tens of kilobytes each.
MOST_PARTS = 500


@dataclass(frozen=True)
class SiteFacts:
    """The clinic, how many centers it has, and the edition: content version `version`, from `since` until `until` (UTC).

    `columns` are the pages that readers see, as `targets.in_one_column` gives them.
    """

    clinic: ClinicProfile
    center_count: int
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

    Public pages change without an edit when a revision goes live or is withdrawn, at its own moment, and at midnight UTC,
    when notices begin and end and reviews fall due.
    """
    going_live, ending = (
        Revision.objects.filter(**{f"{moment}__gt": now}).order_by(moment).values(moment)[:1]
        for moment in ("go_live_at", "withdrawn_at")
    )
    # Grouping by a constant makes the subquery return one number, also for an empty table.
    centers = Center.objects.order_by().values(one=OuterRef("pk")).annotate(number=Count("pk")).values("number")
    clinic = ClinicProfile.objects.annotate(
        center_count=Coalesce(Subquery(centers, output_field=IntegerField()), 0),
        going_live=Subquery(going_live),
        ending=Subquery(ending),
        version=Subquery(ContentVersion.objects.filter(pk=1).values("number")),
        **{f"{kind}_pages": targets.in_one_column(kind, now) for kind in PageKind},
    ).first()
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    if clinic is None:
        empty = ClinicProfile(name="Clinic", short_name="Clinic")
        # Without a profile the moment of the next change is not known, so nothing is kept.
        return SiteFacts(empty, 0, versions.NONE, since=now, until=now, columns={})
    columns = {kind: getattr(clinic, f"{kind}_pages") for kind in PageKind}
    until = min(midnight, clinic.going_live or midnight, clinic.ending or midnight)
    version = clinic.version or versions.NONE
    return SiteFacts(clinic, clinic.center_count, version, since=now, until=until, columns=columns)


def facts(request: HttpRequest) -> SiteFacts:
    """Return the facts for this request, read once; where the page cache noted the content version, once per edition.

    They are as of the request's arrival where the page cache noted it: an article that goes live while the page is drawn
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
