"""How soon visitors were answered, as it was counted: what public pages say of it, and when they say nothing."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from content.models.center import Center

WINDOW_DAYS = 90
# Fewer say little, and might tell of a person.
FEWEST = 20
# What was counted longer ago is not said any more.
FRESH_DAYS = 2


class AnswerTimesQuerySet(models.QuerySet["AnswerTimes"]):
    """Rows as public pages ask for them."""

    def said(self, center: Center | None, *, promised: int, today: dt.date) -> str:
        """Return what is said of a center, or without one of the whole clinic: see `AnswerTimes.in_words`."""
        row = self.filter(center=center).first()
        return row.in_words(promised=promised, today=today) if row is not None else ""


class AnswerTimes(models.Model):
    """Median and 90th percentile of the first answer by a person, in business hours rounded up, of one center or of all.

    They are written by a chore (consultations/reports/answer_times.py), and by nobody else.
    """

    center = models.OneToOneField(
        Center, models.CASCADE, null=True, related_name="answer_times", help_text="Empty: the whole clinic."
    )
    answers = models.PositiveIntegerField(help_text="How many requests were answered.")
    median_hours = models.PositiveSmallIntegerField()
    p90_hours = models.PositiveSmallIntegerField()
    counted_on = models.DateField(help_text="In UTC.")

    objects = AnswerTimesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "answer times"
        constraints = [
            # No center has this key: two rows for the whole clinic are alike.
            models.UniqueConstraint(Coalesce(F("center"), Value(0)), name="content_answertimes_once"),
            models.CheckConstraint(
                condition=Q(median_hours__gte=1, p90_hours__gte=F("median_hours")),
                name="content_answertimes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.median_hours} and {self.p90_hours} hours"

    def in_words(self, *, promised: int, today: dt.date) -> str:
        """Return a sentence, or "" where there are few answers, they were counted days ago, or nine of ten are later than promised.

        `promised` is in business hours; `today` is UTC's, so that a page that is kept until midnight is never stale.
        """
        is_fresh = self.counted_on > today - dt.timedelta(days=FRESH_DAYS)
        if self.answers < FEWEST or not is_fresh or self.p90_hours > promised:
            return ""
        whose = "the requests here" if self.center_id else "all requests"
        return (
            f"Half of {whose} were answered within {_hours(self.median_hours)}, nine of ten within "
            f"{_hours(self.p90_hours)} (last {WINDOW_DAYS} days)."
        )


def _hours(number: int) -> str:
    return f"{number} working hour{'' if number == 1 else 's'}"
