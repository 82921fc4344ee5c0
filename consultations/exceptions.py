"""Refusals that several wings raise, each a sentence for whoever asked; see also booking/refusals.py. A leaf."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consultations.models import ConsultationRequest


class ConsultationError(Exception):
    """A refusal; its text is a sentence for the person who asked."""


class NotAllowed(ConsultationError):
    """The move is not one of those that `statuses.TRANSITIONS` allows."""


class ReasonMissing(ConsultationError):
    """The move needs a reason."""


class ChangedMeanwhile(ConsultationError):
    """Somebody else changed the request after the page was opened; nothing was written."""


class OnLegalHold(ConsultationError):
    """The law asks to keep this request, so nothing of it is erased."""


class NotNoted(ConsultationError):
    """The list of the erased cannot be written, so nothing is erased."""


class Erased(ConsultationError):
    """The request was erased meanwhile; nothing was written."""


class TooMany(ConsultationError):
    """More of something than a person would send."""


class AlreadySent(ConsultationError):
    """The same form was sent before with other answers, or the same browser sent another one; nothing was written."""

    def __init__(self, existing: ConsultationRequest) -> None:
        super().__init__(f"You already sent this form as {existing.reference}.")
        self.existing = existing


class OverTheLimit(ConsultationError):
    """More than limits/table.py allows; nothing was written. The sentence says when to try again.

    Attributes:
        seconds: until when counting begins anew, for Retry-After.
        everybody: the ceiling that was reached is that of all visitors together.
    """

    def __init__(self, said: str, *, retry_after: dt.timedelta, everybody: bool = False) -> None:
        minutes = max(1, round(retry_after / dt.timedelta(minutes=1)))
        self.seconds = max(1, round(retry_after.total_seconds()))
        self.everybody = everybody
        if everybody:
            said = "More people than usual are sending something at this moment."
        wait = "a minute" if minutes == 1 else f"{minutes} minutes" if minutes < 100 else f"{round(minutes / 60)} hours"
        super().__init__(f"{said} Please try again in {wait}.".strip())
