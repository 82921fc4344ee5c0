"""Articles as addresses under a topic; topics and contributors. What an article says is its revisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class Topic(models.Model):
    """A subject under which articles are listed."""

    slug = models.SlugField("address", max_length=60, unique=True)
    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Contributor(models.Model):
    """A person who writes or medically reviews articles, as readers see them."""

    slug = models.SlugField("address", max_length=60, unique=True)
    name = models.CharField(max_length=80)
    credentials = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=80)
    bio = models.CharField(max_length=300, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributor",
        help_text="Their login. Only who has one can approve, as readers see the name of the account that approved.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class Article(models.Model):
    """A page for readers: its address and its topic. It is never deleted; a page is taken down by withdrawing its revision."""

    slug = models.SlugField("address", max_length=80, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        # The title is that of a revision, and only there where it was asked for: see `titled` in revision.py.
        return getattr(self, "title", "") or self.slug

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("content:article", args=[self.slug])
