"""Waiting list entries and the offers made to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from consultations.clocks import wording
from consultations.models.appointment import Appointment
from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.models.schedule import AppointmentType
from content.models import Center


class WaitingEntry(models.Model):
    """A request's place in the queue for a time before `until`; written by the verbs in booking/waiting_list.py only."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="waiting_entries")
    appointment_type = models.ForeignKey(AppointmentType, models.PROTECT, related_name="+")
    center = models.ForeignKey(Center, models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(help_text="Only a start before this helps.")
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfRequestQuerySet["WaitingEntry"].as_manager()

    class Meta:
        ordering = ["joined_at", "id"]
        verbose_name = "place on the waiting list"
        verbose_name_plural = "waiting list"
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(ended_at__isnull=True),
                name="consultations_waitingentry_one_per_request",
                violation_error_message="This request is on the waiting list already.",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("joined_at")),
                name="consultations_waitingentry_until_later",
                violation_error_message="The day must be still to come.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("joined_at")),
                name="consultations_waitingentry_ends_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_type} before {wording.utc(self.until)}"


class WaitingOffer(models.Model):
    """A time that became free and was held for one entry. Each entry is offered each freed time once."""

    entry = models.ForeignKey(WaitingEntry, models.CASCADE, related_name="offers")
    freed = models.ForeignKey(Appointment, models.CASCADE, related_name="+", help_text="What was given up.")
    starts_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "freed"], name="consultations_waitingoffer_once"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")), name="consultations_waitingoffer_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{wording.utc(self.starts_at)}, until {wording.utc(self.expires_at)}"
