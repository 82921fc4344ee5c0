"""What search engines should know: only pages readers can see, with their real dates."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from content.comparison import canonical
from content.models import Article, Center, Therapy


class PageSitemap(Sitemap[str]):
    """Pages without a row of their own."""

    def items(self) -> list[str]:
        """Return the names of the pages."""
        names = ("home", "articles", "therapies", "compare", "centers", "faq", "contact", "privacy", "consumer-health-data")
        return [f"content:{name}" for name in names]

    def location(self, item: str) -> str:
        """Return the path."""
        return reverse(item)


class ArticleSitemap(Sitemap[Article]):
    """Published articles."""

    def items(self) -> QuerySet[Article]:
        """Return what readers can see now."""
        return Article.objects.published(timezone.now())

    def lastmod(self, item: Article) -> dt.datetime:
        """Return the last change."""
        return item.updated_at


class RowSitemap[RowT: Model](Sitemap[RowT]):
    """Every row of a model."""

    def __init__(self, model: type[RowT]) -> None:
        self.model = model

    def items(self) -> QuerySet[RowT]:
        """Return all rows in a stable order."""
        return self.model._default_manager.order_by("pk")  # noqa: SLF001


class ComparisonSitemap(Sitemap[str]):
    """Comparisons of two; larger ones are found from there."""

    def items(self) -> list[str]:
        """Return the canonical address parts."""
        return [canonical(pair) for pair in combinations(Therapy.objects.values_list("slug", flat=True), 2)]

    def location(self, item: str) -> str:
        """Return the path."""
        return reverse("content:comparison", args=[item])


SITEMAPS = {
    "pages": PageSitemap(),
    "articles": ArticleSitemap(),
    "therapies": RowSitemap(Therapy),
    "comparisons": ComparisonSitemap(),
    "centers": RowSitemap(Center),
}
