"""Slugs that articles, therapies and centers had before: their old addresses lead on to the present ones."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from content.choices import PageKind
from content.models.article import Article
from content.models.center import Center
from content.models.therapy import Therapy


class FormerSlug(models.Model):
    """A slug that a page had, and whose page that is. It names the row, not its next slug, so that there is no chain.

    Written by content/linking/moving.py alone, when a row is saved with another slug.
    """

    kind = models.CharField(max_length=8, choices=PageKind)
    slug = models.SlugField(max_length=80)
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="former_slugs")
    therapy = models.ForeignKey(Therapy, models.CASCADE, null=True, blank=True, related_name="former_slugs")
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="former_slugs")
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = "old address"
        verbose_name_plural = "old addresses"
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="content_formerslug_leads_to_one_page"),
            models.CheckConstraint(
                condition=Q(kind="article", article__isnull=False, therapy__isnull=True, center__isnull=True)
                | Q(kind="therapy", article__isnull=True, therapy__isnull=False, center__isnull=True)
                | Q(kind="center", article__isnull=True, therapy__isnull=True, center__isnull=False),
                name="content_formerslug_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.slug}"

    @property
    def page(self) -> Article | Therapy | Center | None:
        """The row that had the slug."""
        return self.article or self.therapy or self.center
