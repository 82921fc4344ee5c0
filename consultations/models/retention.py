"""How long requests of each status are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consultations.statuses import Status

SHORTEST, LONGEST = 7, 3660


class RetentionRule(models.Model):
    """After how many days without anything happening requests of one status are erased; without days they are kept.

    Each status has its row, which a migration writes. Legal hold comes before any rule.
    """

    status = models.CharField(max_length=10, choices=Status, unique=True, editable=False)
    days = models.PositiveSmallIntegerField(
        "days",
        null=True,
        blank=True,
        help_text="Counted from the last thing that happened to a request. Empty: kept until it is closed.",
    )

    class Meta:
        ordering = ["id"]
        verbose_name = "time that requests are kept"
        verbose_name_plural = "times that requests are kept"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="consultations_retentionrule_status_known"
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__range=(SHORTEST, LONGEST)),
                name="consultations_retentionrule_days_plausible",
                violation_error_message=f"Keep requests {SHORTEST} to {LONGEST} days, or leave it empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
