"""When a daily chore was last done."""

from __future__ import annotations

import datetime as dt

from django.db import models


class ChoreQuerySet(models.QuerySet["Chore"]):
    """Chores as workers ask for them."""

    def take(self, name: str, *, now: dt.datetime, until: dt.datetime) -> bool:
        """Return whether the work is due and the caller has it, `until` then; one that was never done is due."""
        self.bulk_create([Chore(name=name, due_at=now)], ignore_conflicts=True)
        return bool(self.filter(name=name, due_at__lte=now).update(due_at=until))


class Chore(models.Model):
    """A piece of housekeeping and when it is due next; taken with one conditional UPDATE."""

    name = models.CharField(max_length=40, unique=True)
    mark = models.CharField(max_length=64, blank=True, help_text="Digest of what was found last time.")
    due_at = models.DateTimeField(help_text="Who moves it on has the work until then.")

    objects = ChoreQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="consultations_chore_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, due {self.due_at:%Y-%m-%d %H:%M} UTC"
