"""When a page whose review is overdue stops asking readers to talk to the clinic. Days are those of UTC."""

from __future__ import annotations

import calendar
import datetime as dt

from content.models import ClinicProfile


def has_lapsed(due: dt.date, today: dt.date, clinic: ClinicProfile) -> bool:
    """Return whether a review that was due on a day is later than the clinic's profile allows."""
    return today > months_after(due, clinic.review_grace_months)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later; the month's last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
