"""Atom feed of the newest articles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from content.models import ClinicProfile, Revision
from content.text import printable


class PrintableAtom(Atom1Feed):
    """Leaves out of stored text what XML cannot hold: one such character would break the feed for everybody."""

    def add_item(self, title: str, link: str, description: str, *args: Any, **kwargs: Any) -> None:
        """Add an entry."""
        kwargs = {name: _printable(value) for name, value in kwargs.items()}
        super().add_item(printable(title), printable(link), printable(description), *args, **kwargs)


def _printable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return printable(value) if isinstance(value, str) else value


class ArticleFeed(Feed[Revision, None]):
    """The twenty newest public articles."""

    feed_type = PrintableAtom

    def title(self) -> str:
        """The clinic's name and what the feed holds."""
        profile = ClinicProfile.objects.first()
        return printable(f"{profile.name if profile else 'Clinic'}: guides")

    def link(self) -> str:
        """The canonical address of the list; a whole one, so that the host which was asked does not matter."""
        return settings.SITE_URL + reverse("content:articles")

    def feed_url(self) -> str:
        """The canonical address of the feed."""
        return settings.SITE_URL + reverse("content:feed")

    def item_link(self, item: Revision) -> str:
        """Return the canonical address, which is also the entry's lasting id."""
        return settings.SITE_URL + item.get_absolute_url()

    def items(self) -> QuerySet[Revision]:
        """Return public articles, newest first."""
        return Revision.objects.public(timezone.now()).select_related("author", "article")[:20]

    def item_title(self, item: Revision) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: Revision) -> str:
        """Return the summary."""
        return item.summary

    def item_author_name(self, item: Revision) -> str:
        """Return the author as shown on the page."""
        return item.author.name

    def item_pubdate(self, item: Revision) -> dt.datetime | None:
        """Return when readers could first see it."""
        return item.published_at

    def item_updateddate(self, item: Revision) -> dt.datetime | None:
        """Return since when readers see these words."""
        return item.go_live_at
