"""The content version: a number that rises with every change, and one for each table that does with its changes."""

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

    @classmethod
    def lock(cls) -> None:
        """Wait for who is changing content. Every transaction that changes content locks this row before any other.

        A row that is saved or deleted sees to it by itself (content/versions.py). Call it where others are locked, read for
        comparing or written with `update` before that: of two who each hold a row and wait for what the other holds, neither
        would get on.
        """
        list(cls.objects.select_for_update().filter(pk=1))


class TableVersion(models.Model):
    """The number of one table, which rises when rows of it are written; see content/versions.py."""

    name = models.CharField(primary_key=True, max_length=63, help_text="Empty: any of them.")
    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name or 'any table'}: {self.number}"
