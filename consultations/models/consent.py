"""Consent texts by version, and consents given to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.statuses import ConsentPurpose
from content.models.written_once import WrittenOnce


class ConsentText(WrittenOnce):
    """A version of the words beside a consent box. New words are a new row; rows that were shown are never changed."""

    refusal = "A consent text is never changed: new words are a new version."

    purpose = models.CharField(max_length=10, choices=ConsentPurpose)
    version = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=600)
    active_from = models.DateTimeField()

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"],
                name="consultations_consenttext_version_unique",
                violation_error_message="This purpose already has a text with that version.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consultations_consenttext_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, version {self.version}"


class Consent(models.Model):
    """A box that was ticked."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OfRequestQuerySet["Consent"].as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            # One that was taken back stays as it was; agreeing again is a row of its own.
            models.UniqueConstraint(
                fields=["request", "text"], condition=Q(withdrawn_at=None), name="consultations_consent_once_per_text"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consultations_consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} given {self.given_at:%Y-%m-%d %H:%M} UTC"
