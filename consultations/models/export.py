"""Files that staff took out of the site: who, when, what, how many and why."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.models.fields import EncryptedTextField
from consultations.models.place import Viewer
from consultations.statuses import ExportFormat
from content.models.written_once import WrittenOnce


class ExportEntryQuerySet(models.QuerySet["ExportEntry"]):
    """Exports as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """One's own: how much others took out says how many people their centers have. Superusers see all."""
        return self if user.is_superuser else self.filter(by=user.pk)


class ExportEntry(WrittenOnce):
    """One file that was handed out; which requests were in it stands in `AccessEntry`."""

    refusal = "What was handed out stays written."

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    format = models.CharField(max_length=4, choices=ExportFormat)
    rows = models.PositiveIntegerField()
    filters = models.CharField(max_length=300, blank=True, help_text="What the list was narrowed to; no names.")
    # Free words, which may name somebody.
    reason = EncryptedTextField()

    objects = ExportEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "export"
        constraints = [
            models.CheckConstraint(
                condition=Q(format__in=ExportFormat.values), name="consultations_exportentry_format_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()}, {self.rows} rows, {self.at:%Y-%m-%d %H:%M} UTC"
