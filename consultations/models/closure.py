"""Closures: days on which a center, or the whole clinic, takes no appointments."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from consultations.models.place import Viewer, at_centers_of
from content.models.center import Center


class ClosureQuerySet(models.QuerySet["Closure"]):
    """Closures as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Those of the user's centers, and those for everywhere."""
        return self.filter(at_centers_of(user, "center"))


class Closure(models.Model):
    """Whole days on which a center, or the clinic with phone and video, takes no visits."""

    center = models.ForeignKey(
        Center, models.CASCADE, null=True, blank=True, related_name="closures", help_text="Empty: everywhere."
    )
    first_day = models.DateField()
    last_day = models.DateField()
    name = models.CharField(max_length=80, help_text="Such as “Thanksgiving”.")

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="consultations_closure_days_in_order",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="consultations_closure_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.first_day:%d %b %Y}–{self.last_day:%d %b %Y}"
