"""Five-minute cells of a consultant's time: the unique key on them is what makes double booking impossible."""

from __future__ import annotations

import datetime as dt

from django.db import models

from consultations.models.schedule import CELL_MINUTES, Consultant

CELL_SECONDS = CELL_MINUTES * 60


class TimeCell(models.Model):
    """Five minutes of a consultant's time that are taken. Its unique key is the promise that nobody else has them.

    A cell is a number and no timestamp: an instant then has one spelling, also for SQLite, which keeps times as text.
    """

    consultant = models.ForeignKey(Consultant, models.PROTECT, related_name="+")
    cell = models.PositiveIntegerField(help_text="Five-minute steps since the beginning of 1970, UTC.")
    appointment = models.ForeignKey("consultations.Appointment", models.CASCADE, related_name="time_cells")

    class Meta:
        ordering = ["consultant", "cell"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultant", "cell"],
                name="consultations_timecell_taken_once",
                violation_error_message="This time is already taken.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def starts_at(self) -> dt.datetime:
        """When the five minutes begin (UTC)."""
        return dt.datetime.fromtimestamp(self.cell * CELL_SECONDS, tz=dt.UTC)


def cells_between(start: dt.datetime, end: dt.datetime) -> range:
    """Return the numbers of the cells from `start` to `end`.

    Raises:
        ValueError: when one of the two is not on the grid, because then cells could not say exactly what is taken.
    """
    first, rest = divmod(int(start.timestamp()), CELL_SECONDS)
    last, rest_of_end = divmod(int(end.timestamp()), CELL_SECONDS)
    if rest or rest_of_end or start.microsecond or end.microsecond:
        raise ValueError("an appointment starts and ends on multiples of 5 minutes")
    return range(first, last)
