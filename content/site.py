"""What every public page needs of the database besides its own rows, in one query."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from content.models import Article, Center, ClinicProfile


@dataclass(frozen=True)
class SiteFacts:
    """The clinic, how many centers it has, and when the next article goes live (UTC)."""

    clinic: ClinicProfile
    center_count: int
    next_publication: dt.datetime | None


def read(now: dt.datetime) -> SiteFacts:
    """Return the facts as of `now`; before a profile exists, one that only says "Clinic"."""
    upcoming = Article.objects.filter(published_at__gt=now).order_by("published_at").values("published_at")[:1]
    # Grouping by a constant makes the subquery return one number, also for an empty table.
    centers = Center.objects.order_by().values(one=OuterRef("pk")).annotate(number=Count("pk")).values("number")
    clinic = ClinicProfile.objects.annotate(
        center_count=Coalesce(Subquery(centers, output_field=IntegerField()), 0), next_publication=Subquery(upcoming)
    ).first()
    if clinic is None:
        return SiteFacts(ClinicProfile(name="Clinic", short_name="Clinic"), 0, None)
    return SiteFacts(clinic, clinic.center_count, clinic.next_publication)


def facts(request: HttpRequest) -> SiteFacts:
    """Return the facts for this request, read once.

    They are as of the request's arrival where the page cache noted it: an article that goes live while the page is drawn
    must not be taken for one that is on it already.
    """
    found: SiteFacts | None = getattr(request, "site_facts", None)
    if found is None:
        found = read(getattr(request, "arrived_at", None) or timezone.now())
        request.site_facts = found  # type: ignore[attr-defined]  # a cache that lives as long as the request
    return found
