"""When a daily chore was last done."""

from __future__ import annotations

from django.db import models


class Chore(models.Model):
    """A piece of housekeeping and when it is due next; taken by chores.py with one conditional UPDATE."""

    name = models.CharField(max_length=40, unique=True)
    mark = models.CharField(max_length=64, blank=True, help_text="Digest of what was found last time.")
    due_at = models.DateTimeField(help_text="Who moves it on has the work until then.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="consultations_chore_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, due {self.due_at:%Y-%m-%d %H:%M} UTC"
