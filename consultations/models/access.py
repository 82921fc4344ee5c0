"""Who opened which request: written once, at most once an hour."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.statuses import AccessKind
from content.models.written_once import WrittenOnce


class AccessEntry(WrittenOnce):
    """A member of staff opened a request, its proof or its file; `at` is the first time in the hour `hour` (UTC)."""

    refusal = "Who opened what is written once and never changed."

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="access_entries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=6, choices=AccessKind)
    at = models.DateTimeField()
    hour = models.DateTimeField(editable=False)

    objects = OfRequestQuerySet["AccessEntry"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "opening of contact details"
        verbose_name_plural = "openings of contact details"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "by", "what", "hour"], name="consultations_accessentry_once_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(what__in=AccessKind.values), name="consultations_accessentry_what_known"
            ),
            models.CheckConstraint(
                condition=Q(at__gte=F("hour")), name="consultations_accessentry_not_before_its_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} opened at {self.at:%Y-%m-%d %H:%M} UTC"
