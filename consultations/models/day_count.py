"""What the requests of a day come to, counted once the day is over, so that the page of numbers need not count them again."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from consultations.models.fields import EncryptedTextField
from consultations.models.place import Viewer, at_places_of
from content.models import Center


class DayCountQuerySet(models.QuerySet["DayCount"]):
    """Counts of days as the page of numbers asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Those of the user's places, one by one."""
        return self.filter(at_places_of(user, "center"), everywhere=False)


class DayCount(models.Model):
    """The requests that came in on one day (UTC): those of one center, those without one, or all of them.

    Which pages people came from and which languages they read is among the counts, and at a small center a count of one is a
    person: they are sealed with the keys that seal the words themselves (docs/decisions/0011).
    """

    day = models.DateField()
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+")
    everywhere = models.BooleanField(default=False, help_text="Of all places together.")
    requests = models.PositiveIntegerField()
    counts = EncryptedTextField(help_text="See reports/counting.py.")
    seen = models.BigIntegerField(help_text="The latest line of history that was known when it was counted.")

    objects = DayCountQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day", "center"], name="consultations_daycount_center_once"),
            models.UniqueConstraint(
                fields=["day", "everywhere"], condition=Q(center=None), name="consultations_daycount_others_once"
            ),
            models.CheckConstraint(
                condition=Q(everywhere=False) | Q(center=None), name="consultations_daycount_everywhere_is_no_center"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.requests}"
