"""Findings of the claim check that a reviewer let pass."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.choices import ChangeState
from content.models.proposed_change import ProposedChange
from content.models.revision import Revision
from content.models.written_once import WrittenOnce


class ClaimOverrideQuerySet(models.QuerySet["ClaimOverride"]):
    """What was let pass, by what it was let pass in."""

    def of_row(self, row: models.Model) -> Self:
        """What was let pass in changes of a row that were approved."""
        approved = ProposedChange.objects.of(row).filter(state=ChangeState.APPROVED)
        return self.filter(change__in=approved)


class ClaimOverride(WrittenOnce):
    """One finding of one revision or proposed change that a reviewer let pass, and why. Another sentence is another finding."""

    refusal = "What was let pass is written down once and never changed."

    revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="overrides")
    change = models.ForeignKey(ProposedChange, models.PROTECT, null=True, blank=True, related_name="overrides")
    rule = models.SlugField(max_length=60)
    sentence = models.TextField()
    reason = models.TextField(help_text="Why this sentence is true and fair, for whoever asks later.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="In UTC.")

    objects = ClaimOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "finding let pass"
        verbose_name_plural = "findings let pass"
        constraints = [
            models.CheckConstraint(
                condition=Q(revision__isnull=True, change__isnull=False)
                | Q(revision__isnull=False, change__isnull=True),
                name="content_claimoverride_of_one_text",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="content_claimoverride_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: “{self.sentence}”"
