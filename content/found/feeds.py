"""Atom feed of the newest articles."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from content.models import Article, ClinicProfile


class ArticleFeed(Feed[Article, None]):
    """The twenty newest published articles."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """The clinic's name and what the feed holds."""
        profile = ClinicProfile.objects.first()
        return f"{profile.name if profile else 'Clinic'}: guides"

    def link(self) -> str:
        """The canonical address of the list; a whole one, so that the host which was asked does not matter."""
        return settings.SITE_URL + reverse("content:articles")

    def feed_url(self) -> str:
        """The canonical address of the feed."""
        return settings.SITE_URL + reverse("content:feed")

    def item_link(self, item: Article) -> str:
        """Return the canonical address, which is also the entry's lasting id."""
        return settings.SITE_URL + item.get_absolute_url()

    def items(self) -> QuerySet[Article]:
        """Return published articles, newest first."""
        return Article.objects.published(timezone.now()).select_related("author", "topic")[:20]

    def item_title(self, item: Article) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: Article) -> str:
        """Return the summary."""
        return item.summary

    def item_author_name(self, item: Article) -> str:
        """Return the author as shown on the page."""
        return item.author.name

    def item_pubdate(self, item: Article) -> dt.datetime | None:
        """Return when readers could first see it."""
        return item.published_at

    def item_updateddate(self, item: Article) -> dt.datetime:
        """Return the last change."""
        return item.updated_at
