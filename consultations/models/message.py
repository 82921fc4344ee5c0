"""Mails in the queue, with their delivery state."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from consultations.models.appointment import Appointment
from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.statuses import BY_STAFF, REPEATED, MessageKind, MessageState

TROUBLED = Q(state=MessageState.DEAD) | Q(state__in=[MessageState.QUEUED, MessageState.SENDING]) & ~Q(last_error="")


class MessageQuerySet(OfRequestQuerySet["Message"]):
    """Mails as the worker asks for them."""

    def due(self, now: dt.datetime) -> Self:
        """Mails to be sent at `now`: waiting ones, and ones whose sender has not reported back within its lease."""
        return self.filter(
            Q(state=MessageState.QUEUED, due_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lte=now)
        )

    def troubled(self) -> Self:
        """Mails that were given up, or have failed and wait for another try."""
        return self.filter(TROUBLED)


class Message(models.Model):
    """A mail that was queued with the change it tells of, in the same transaction; the row is the queue.

    Its text is not stored but built when it is sent: a copy of the database holds no private link. What staff wrote
    themselves is in a `Reply`, encrypted.
    """

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind)
    appointment = models.ForeignKey(
        Appointment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        help_text="Which it tells of, if any.",
    )
    sequence = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which change of the appointment: its sequence at that time."
    )
    recipient = models.EmailField(blank=True, help_text="Empty once the request was erased.")
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then the worker that took it may report back."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "mail"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[MessageState.QUEUED, MessageState.SENDING]),
                name="consultations_message_due",
            ),
            # The list of requests marks those whose mails failed: few, however many were ever sent.
            models.Index(fields=["request"], condition=TROUBLED, name="consultations_message_troubled"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind", "recipient"],
                # What may be asked for again is limited where it is asked for.
                condition=~Q(recipient="") & Q(appointment=None) & ~Q(kind__in=sorted(REPEATED | BY_STAFF)),
                name="consultations_message_once",
            ),
            # Dropped ones do not count: an address that was corrected and corrected back is reminded all the same.
            models.UniqueConstraint(
                fields=["appointment", "sequence", "kind", "recipient"],
                condition=~Q(recipient="") & ~Q(state=MessageState.DROPPED),
                name="consultations_message_once_per_change",
            ),
            models.CheckConstraint(
                condition=Q(appointment=None, sequence=None) | Q(appointment__isnull=False, sequence__isnull=False),
                name="consultations_message_change_numbered",
            ),
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="consultations_message_kind_known"),
            # Only a mail that will not leave any more may have lost its recipient.
            models.CheckConstraint(
                condition=~Q(recipient="") | Q(state__in=[MessageState.SENT, MessageState.DEAD, MessageState.DROPPED]),
                name="consultations_message_waiting_has_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="consultations_message_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | Q(leased_until__isnull=False),
                name="consultations_message_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="consultations_message_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    @property
    def may_resend(self) -> bool:
        """Whether staff may send it again: it was given up, or has failed and waits for another try."""
        return self.state == MessageState.DEAD or (self.state == MessageState.QUEUED and self.attempts > 0)
