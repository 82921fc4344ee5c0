"""Questions asked of the content: what readers may see, and when. Time is always a parameter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from content.models import Article, Center, Notice, Therapy  # noqa: F401  some are named in quotes below


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as readers and editors ask for them."""

    def published(self, now: dt.datetime) -> Self:
        """Articles readers can see at `now`."""
        return self.filter(published_at__lte=now)

    def overdue(self, today: dt.date) -> Self:
        """Articles whose next review was due before `today`."""
        return self.filter(next_review_on__lt=today)

    def for_cards(self) -> Self:
        """With what a card shows, in one query."""
        return self.select_related("topic", "medical_reviewer")


class CenterQuerySet(models.QuerySet["Center"]):
    """Centers as visitors ask for them."""

    def listed(self) -> Self:
        """With country and hours, in two queries."""
        return self.select_related("country").prefetch_related("opening_periods")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by date."""

    def current(self, today: dt.date) -> Self:
        """Notices shown on `today`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)

    def about(self, therapies: Iterable[Therapy]) -> Self:
        """Notices for any of `therapies`; those that name no therapy are for all of them."""
        return self.filter(Q(therapies=None) | Q(therapies__in=list(therapies))).distinct()
