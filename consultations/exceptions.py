"""What the verbs of this app refuse, in words that can be shown to the person who asked."""

from __future__ import annotations


class ConsultationError(Exception):
    """A refusal; its text is a sentence for the person who asked."""


class NotAllowed(ConsultationError):
    """The move is not one of those that `statuses.TRANSITIONS` allows."""


class ReasonMissing(ConsultationError):
    """The move needs a reason."""


class ChangedMeanwhile(ConsultationError):
    """Somebody else changed the request after the page was opened; nothing was written."""
