"""Centers, their opening hours and time zone; countries."""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from phonenumber_field.modelfields import PhoneNumberField

from content import hours
from content.choices import Weekday
from content.fields import PAST_MIDNIGHT, WRONG_END, EndTimeField, ends_in_order


def validate_time_zone(value: str) -> None:
    """Refuse a name that the IANA time zone database does not have."""
    if value not in _time_zones():
        raise ValidationError(
            "%(value)s is not a time zone; use a name such as America/New_York.", params={"value": value}
        )


@cache
def _time_zones() -> set[str]:
    """Return every name in the database; asking reads its whole folder."""
    return zoneinfo.available_timezones()


class Country(models.Model):
    """A country by its ISO 3166-1 code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z][A-Z]$"),
                name="content_country_code_two_letters",
                violation_error_message="The code must be two capital letters, as in ISO 3166.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CenterQuerySet(models.QuerySet["Center"]):
    """Centers as visitors ask for them."""

    def listed(self) -> Self:
        """With country and hours, in two queries."""
        return self.select_related("country").prefetch_related("opening_periods")


class Center(models.Model):
    """A place where consultations are held."""

    slug = models.SlugField("page address", max_length=80, unique=True)
    name = models.CharField(max_length=80, unique=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="centers")
    region = models.CharField(
        max_length=6, blank=True, help_text="ISO 3166-2, such as US-WA, where the law differs by region."
    )
    city = models.CharField(max_length=60)
    address = models.CharField(max_length=160)
    postal_code = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=40, validators=[validate_time_zone])
    phone = PhoneNumberField(blank=True, help_text="Empty: the clinic's main number is shown.")
    latitude = models.DecimalField(max_digits=7, decimal_places=4)
    longitude = models.DecimalField(max_digits=7, decimal_places=4)
    open_to_requests = models.BooleanField(default=True)

    objects = CenterQuerySet.as_manager()

    class Meta:
        ordering = ["country__name", "city", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90)), name="content_center_latitude_on_earth"),
            models.CheckConstraint(condition=Q(longitude__range=(-180, 180)), name="content_center_longitude_on_earth"),
            models.CheckConstraint(condition=~Q(time_zone=""), name="content_center_has_time_zone"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("content:center", args=[self.slug])

    def clean(self) -> None:
        """Refuse a region that is no code of its country: notices are found by these codes."""
        region = self.region.strip().upper()
        if region and not re.fullmatch(rf"{re.escape(self.country_id or '')}-[A-Z0-9]{{1,3}}", region):
            raise ValidationError(
                {"region": f"Write the code of a region of {self.country_id}, such as US-WA, or nothing."}
            )
        self.region = region

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone its clocks show."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def map_x(self) -> float:
        """Longitude as the map's x."""
        return float(self.longitude)

    @property
    def map_y(self) -> float:
        """Latitude as the map's y, which grows southward."""
        return -float(self.latitude)


class OpeningPeriod(models.Model):
    """A weekly period in the center's local time; several a day leave a break between them."""

    center = models.ForeignKey(Center, models.CASCADE, related_name="opening_periods")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = EndTimeField(help_text=PAST_MIDNIGHT)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=ends_in_order("opens", "closes"),
                name="content_openingperiod_closes_after_it_opens",
                violation_error_message=WRONG_END,
            ),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="content_openingperiod_weekday_known"),
            models.UniqueConstraint(fields=["center", "weekday", "opens"], name="content_openingperiod_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {hours.format_span(self.opens, self.closes)}"
