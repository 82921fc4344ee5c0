"""Notices that law or clinic require, by therapy, region and date; questions and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q

from content import anchors
from content.fields import RichTextField, WebAddressField
from content.models.therapy import Therapy


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by date."""

    def current(self, today: dt.date) -> Self:
        """Notices shown on `today`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)

    def about(self, therapies: Iterable[Therapy]) -> Self:
        """Notices for any of `therapies`; those that name no therapy are for all of them."""
        return self.filter(Q(therapies=None) | Q(therapies__in=list(therapies))).distinct()


class Notice(models.Model):
    """A text shown for therapies and places between two dates; empty therapies or regions mean all of them."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    text = RichTextField()
    therapies = models.ManyToManyField(Therapy, blank=True, related_name="notices")
    regions = models.CharField(
        max_length=200,
        blank=True,
        help_text="ISO codes separated by commas, such as US or US-WA, US-UT. Empty: everywhere.",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day it is shown. Empty: until changed.")
    basis = models.CharField(max_length=240, help_text="Why it is shown.")
    source = WebAddressField(max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="content_notice_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def region_list(self) -> list[str]:
        """The regions it is limited to; none means everywhere."""
        return [code for part in self.regions.split(",") if (code := part.strip())]

    def is_current(self, today: dt.date) -> bool:
        """Whether it is shown on `today`; agrees with `NoticeQuerySet.current`."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)

    def covers(self, region: str, country: str) -> bool:
        """Whether it is meant for a place in `region` (ISO 3166-2, may be empty) of `country` (ISO 3166-1)."""
        return not self.region_list or bool({region, country} & set(self.region_list))


class Question(models.Model):
    """A frequently asked question."""

    slug = models.SlugField(max_length=80, unique=True, validators=[anchors.validate])
    question = models.CharField(max_length=160)
    answer = RichTextField()
    group = models.CharField(max_length=40)
    therapy = models.ForeignKey(Therapy, models.SET_NULL, null=True, blank=True, related_name="questions")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__iregex=anchors.RESERVED_PATTERN),
                name="content_question_slug_not_reserved",
                violation_error_message=anchors.TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.question
