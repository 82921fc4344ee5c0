"""Notices that law or clinic require, by therapy, region and date; questions and answers.

Which of them a place is shown: content/notices.py.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, StringAgg, Value
from django.db.models.functions import Cast
from phonenumbers import SUPPORTED_REGIONS

from content import anchors
from content.fields import RichTextField, WebAddressField
from content.models.therapy import Therapy

# The farthest clocks from UTC (IANA time zone database: Etc/GMT+12 and Pacific/Kiritimati).
SLOWEST, FASTEST = dt.timedelta(hours=-12), dt.timedelta(hours=14)
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def validate_regions(value: str) -> None:
    """Refuse what is not codes of ISO 3166-1 or ISO 3166-2 with commas between them."""
    for part in value.split(","):
        if not CODE.fullmatch(part.strip()) or part.strip()[:2] not in SUPPORTED_REGIONS:
            raise ValidationError(
                "“%(code)s” is no code such as US or US-WA. Write codes with commas between them.",
                params={"code": part.strip()},
                code="region",
            )


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by date."""

    def current_somewhere(self, now: dt.datetime) -> Self:
        """Notices of which `now` is a day of theirs on some clock of the earth; at a place, its own date decides."""
        first, last = (now.astimezone(dt.UTC) + ahead for ahead in (SLOWEST, FASTEST))
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first.date()), starts_on__lte=last.date())

    def with_therapies(self) -> Self:
        """With the ids of the therapies that each names, without a query of its own: see `Notice.therapy_ids`."""
        named = self.annotate(named=StringAgg(Cast("therapies", models.CharField()), delimiter=Value(",")))
        # The order of Meta does not hold for a query that groups.
        return named.order_by("-starts_on", "title", "pk")

    def changing(self, now: dt.datetime) -> Self:
        """Notices that begin or end within the next day, or did within the last, wherever."""
        days = (now.date() - dt.timedelta(days=2), now.date() + dt.timedelta(days=2))
        return self.filter(Q(starts_on__range=days) | Q(ends_on__range=days))


class Notice(models.Model):
    """A text shown for therapies and places between two dates; empty therapies or regions mean all of them."""

    slug = models.SlugField("short name", max_length=60, unique=True)
    title = models.CharField(max_length=120)
    text = RichTextField()
    therapies = models.ManyToManyField(Therapy, blank=True, related_name="notices")
    regions = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_regions],
        help_text="ISO codes separated by commas, such as US or US-WA, US-UT. Empty: everywhere.",
    )
    is_default = models.BooleanField(
        "default",
        default=False,
        help_text="Shown only where a therapy that is not approved has no notice that names the place.",
    )
    starts_on = models.DateField(help_text="It appears as this day begins at the place.")
    ends_on = models.DateField(null=True, blank=True, help_text="The last day it is shown. Empty: until changed.")
    basis = models.CharField(max_length=240, help_text="Why it is shown.")
    source = WebAddressField(max_length=500, blank=True)
    counsel_confirmed = models.BooleanField(
        "confirmed by counsel",
        default=False,
        help_text="Tick it once a lawyer who knows the law of the place has confirmed this wording.",
    )

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

    @property
    def therapy_ids(self) -> frozenset[int]:
        """The ids of the therapies that it is limited to; none means all. As `with_therapies` read them, where it did."""
        if hasattr(self, "named"):
            return frozenset(int(number) for number in (self.named or "").split(",") if number)
        return frozenset(therapy.pk for therapy in self.therapies.all())

    def is_current(self, today: dt.date) -> bool:
        """Whether it is shown on `today`, the date at the place."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)

    def covers(self, region: str, country: str) -> bool:
        """Whether it is meant for a place in `region` (ISO 3166-2, may be empty) of `country` (ISO 3166-1)."""
        return not self.region_list or bool({region, country} & set(self.region_list))


class Question(models.Model):
    """A frequently asked question."""

    slug = models.SlugField("address", max_length=80, unique=True, validators=[anchors.validate])
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
