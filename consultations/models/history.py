"""Activities: the immutable history of a request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consultations.models.fields import EncryptedTextField
from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.statuses import ActivityKind, CallOutcome, Status
from content.models.written_once import WrittenOnce


class Activity(WrittenOnce):
    """One thing that happened to a request. `by` is empty for what the visitor or the site itself did."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=10, choices=ActivityKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    from_status = models.CharField(max_length=10, choices=Status, blank=True)
    to_status = models.CharField(max_length=10, choices=Status, blank=True)
    outcome = models.CharField(max_length=10, choices=CallOutcome, blank=True, help_text="What came of a call.")
    # Notes and reasons may hold health details.
    text = EncryptedTextField(blank=True)

    objects = OfRequestQuerySet["Activity"].as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = "line of a timeline"
        verbose_name_plural = "lines of timelines"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=ActivityKind.STATUS)
                | (~Q(from_status="") & ~Q(to_status="") & ~Q(from_status=F("to_status"))),
                name="consultations_activity_status_change_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind=ActivityKind.CALL, by__isnull=False, outcome__in=CallOutcome.values)
                | ~Q(kind=ActivityKind.CALL) & Q(outcome=""),
                name="consultations_activity_call_has_outcome",
            ),
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="consultations_activity_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=ActivityKind.NOTE) | Q(by__isnull=False),
                name="consultations_activity_note_has_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M} UTC"
