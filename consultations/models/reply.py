"""Mails that staff write: prepared replies, and what was sent, encrypted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.models.fields import EncryptedTextField
from consultations.models.message import Message
from content.models.written_once import WrittenOnce

SUBJECT_LENGTH, BODY_LENGTH = 120, 8000


class CannedReply(models.Model):
    """A mail that staff begin with; what stands in double braces is filled in: see mail/replies.py."""

    name = models.CharField(max_length=60, unique=True, help_text="What staff choose it by.")
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    body = models.TextField(max_length=BODY_LENGTH)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "canned replies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(subject="") & ~Q(body=""), name="consultations_cannedreply_has_words"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Reply(WrittenOnce):
    """The words of one mail that a member of staff wrote, as they were sent."""

    refusal = "What was sent is written once and never changed."

    message = models.OneToOneField(Message, models.CASCADE, related_name="reply")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = EncryptedTextField()
    body = EncryptedTextField()

    class Meta:
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"Reply {self.pk}"
