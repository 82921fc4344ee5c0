"""Texts shown to visitors, stored once per wording."""

from __future__ import annotations

from django.db import models

from consultations.statuses import ShownKind
from content.models.written_once import WrittenOnce


class ShownText(WrittenOnce):
    """A text exactly as a visitor saw it: the form, a consent, a notice, the article they came from.

    The same wording shown to many visitors is one row, found by its digest; it is written once and never changed.
    """

    refusal = "What was shown is written once and never changed."

    kind = models.CharField(max_length=8, choices=ShownKind)
    title = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    first_shown_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ShownKind.values), name="consultations_showntext_kind_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="consultations_showntext_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"
