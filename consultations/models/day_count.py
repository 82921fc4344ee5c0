"""What the requests and the visits of a day come to, counted once the day is over, so that the page of numbers need not count them again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consultations.models.fields import EncryptedTextField
from content.models import Center


class DayCount(models.Model):
    """The requests that came in and the visits that began on one day, in one month or in one year (UTC): those of one center, those
    without one (visits by phone and video), or all.

    Which pages people came from and which languages they read is among the counts, and at a small center a count of one is a
    person: they are sealed with the keys that seal the words themselves (decision 11).
    """

    class Span(models.TextChoices):
        """How many days are counted together; those of a month and of a year are the sum of its days."""

        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    day = models.DateField(help_text="The first one.")
    span = models.CharField(max_length=5, choices=Span, default=Span.DAY)
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+")
    everywhere = models.BooleanField(default=False, help_text="Of all places together.")
    requests = models.PositiveIntegerField()
    counts = EncryptedTextField(help_text="See reports/counting.py.")
    # Of visits. Empty is what an earlier release counted: such a row is not read, and counted anew.
    attended = models.PositiveIntegerField(null=True, blank=True)
    no_shows = models.PositiveIntegerField(null=True, blank=True)
    booked_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of appointments that were agreed and not given up."
    )
    phone_attended = models.PositiveIntegerField(
        null=True, blank=True, help_text="By phone or video, of requests that name this center."
    )
    phone_no_shows = models.PositiveIntegerField(null=True, blank=True)
    seen = models.BigIntegerField(help_text="The latest line of history that was known when it was counted.")

    class Meta:
        ordering = ["-day", "id"]
        indexes = [
            models.Index(fields=["seen"], name="consultations_daycount_seen"),
            # Which spans are written down, and the weeks of all places: without reading the rows, whose counts are long.
            models.Index(
                fields=["day", "span", "booked_minutes"],
                condition=Q(everywhere=True),
                name="consultations_daycount_whole",
            ),
            # The same of some centers.
            models.Index(fields=["center", "span", "day", "booked_minutes"], name="consultations_daycount_places"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["day", "span", "center"], name="consultations_daycount_center_once"),
            models.UniqueConstraint(
                fields=["day", "span", "everywhere"],
                condition=Q(center=None),
                name="consultations_daycount_others_once",
            ),
            models.CheckConstraint(
                condition=Q(everywhere=False) | Q(center=None), name="consultations_daycount_everywhere_is_no_center"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} of {self.day}: {self.requests}"
