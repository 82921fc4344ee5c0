"""What somebody typed into a draft and did not save yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from content.models.revision import Revision


class UnsavedWords(models.Model):
    """A form of a draft as it was last sent while its editor wrote: no part of the draft, its history or any page.

    Only content/publishing/unsaved.py writes it. `number` rises with every change, so that of two windows of one person
    neither writes over what the other one sent.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="unsaved")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=1)
    form = models.TextField(help_text="The form's fields, encoded as in an address.")
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "unsaved words"
        constraints = [
            models.UniqueConstraint(fields=["revision", "by"], name="content_unsavedwords_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.revision}"
