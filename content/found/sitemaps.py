"""Sitemap: pages readers can see, with the dates of their last change."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from content.comparison.tables import canonical
from content.models import Center, Policy, Revision, Therapy

if TYPE_CHECKING:
    from django.contrib.sites.models import Site
    from django.contrib.sites.requests import RequestSite


class OwnSitemap[ItemT](Sitemap[ItemT]):
    """Lists canonical addresses: those of the site's own origin, whatever host the crawler asked."""

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the origin's scheme."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Site | RequestSite | None = None) -> str:
        """Return the origin's host, with its port."""
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(OwnSitemap[str]):
    """Pages without a row of their own."""

    def items(self) -> list[str]:
        """Return the names of the pages."""
        names = (
            "home",
            "articles",
            "therapies",
            "compare",
            "centers",
            "faq",
            "contact",
            "decide",
            "glossary",
            "notices",
        )
        return [f"content:{name}" for name in names]

    def location(self, item: str) -> str:
        """Return the path."""
        return reverse(item)


class ArticleSitemap(OwnSitemap[Revision]):
    """Public articles."""

    def items(self) -> QuerySet[Revision]:
        """Return what readers can see now."""
        return Revision.objects.public(timezone.now()).select_related("article")

    def lastmod(self, item: Revision) -> dt.datetime | None:
        """Return since when readers see these words."""
        return item.go_live_at


class RowSitemap[RowT: Model](OwnSitemap[RowT]):
    """Every row of a model."""

    def __init__(self, model: type[RowT]) -> None:
        self.model = model

    def items(self) -> QuerySet[RowT]:
        """Return all rows in a stable order."""
        return self.model._default_manager.order_by("pk")  # noqa: SLF001


class TherapySitemap(RowSitemap[Therapy]):
    """Therapies that readers may see."""

    def items(self) -> QuerySet[Therapy]:
        """Return them in a stable order."""
        return Therapy.objects.shown().order_by("pk")


class ComparisonSitemap(OwnSitemap[str]):
    """Comparisons of two; larger ones are found from there."""

    def items(self) -> list[str]:
        """Return the canonical address parts."""
        return [canonical(pair) for pair in combinations(Therapy.objects.shown().values_list("slug", flat=True), 2)]

    def location(self, item: str) -> str:
        """Return the path."""
        return reverse("content:comparison", args=[item])


SITEMAPS = {
    "pages": PageSitemap(),
    "articles": ArticleSitemap(),
    "therapies": TherapySitemap(Therapy),
    "comparisons": ComparisonSitemap(),
    "centers": RowSitemap(Center),
    "policies": RowSitemap(Policy),
}
