"""The content version: a number that rises with every change."""

from __future__ import annotations

from django.db import models


class ContentVersion(models.Model):
    """The single row that cached pages are compared with; see content/versions.py."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="content_version_single")]

    def __str__(self) -> str:
        return f"Content version {self.number}"
