"""Counters of the limits, per window."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """One counter per bucket and window, raised by one upsert, so that any number of processes and hosts share it."""

    bucket = models.CharField(
        max_length=80, help_text="What is counted, with a keyed digest of the address or network."
    )
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["window_start"], name="consultations_rate_window")]
        constraints = [
            models.UniqueConstraint(fields=["bucket", "window_start"], name="consultations_ratecount_once_per_window")
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.window_start:%Y-%m-%d %H:%M} UTC"
