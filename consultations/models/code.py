"""Codes that a visitor was sent, to show that they read the mailbox at this moment."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q

from consultations.models.fields import EncryptedTextField
from consultations.models.request import ConsultationRequest

MOST_TRIES = 5


def new_mark() -> str:
    """Return a random mark; the code is derived from it."""
    return secrets.token_hex(16)


class ContactCode(models.Model):
    """One code for one purpose. The row holds no code: see links/codes.py."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="codes")
    mark = models.CharField(max_length=32, default=new_mark, editable=False)
    wanted = EncryptedTextField(blank=True, help_text="The change that waits for it; empty: to be erased.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="consultations_contactcode_tries_limited"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="consultations_contactcode_lasts"),
        ]

    def __str__(self) -> str:
        return f"Code of {self.created_at:%Y-%m-%d %H:%M} UTC"
