"""Which mails carry the notices of a place, and how these stand below a mail's text.

They depend on the center alone: what somebody chose or wrote is a health detail and shows in no mail (decision 14).
"""

from __future__ import annotations

from collections.abc import Iterable

from consultations.models import Message
from consultations.statuses import MessageKind
from content import notices
from content.models import Notice

# Word of a request or of a time to come. A code, a link or a cancellation offers nothing at a place.
CARRYING = frozenset(
    {
        MessageKind.VISITOR_RECEIVED,
        MessageKind.VISITOR_BOOKED,
        MessageKind.VISITOR_PENDING,
        MessageKind.VISITOR_MOVED,
        MessageKind.VISITOR_EXISTING,
        MessageKind.VISITOR_OFFER,
        MessageKind.REMINDER_DAY,
        MessageKind.REMINDER_HOURS,
    }
)
RULE = "-" * 40


def of(message: Message) -> list[Notice]:
    """Return what a mail carries, by the place's date when it leaves: that of its appointment, or what was asked for."""
    if message.kind not in CARRYING:
        return []
    center = message.appointment.center if message.appointment else message.request.center
    return notices.for_center(center, message.due_at)


def below(text: str, carried: Iterable[Notice]) -> str:
    """Return a mail's text with notices at its end, where nobody reads them who only sees it arrive."""
    return "\n".join([text.strip(), *(f"\n{RULE}\n{notices.in_words(notice)}" for notice in carried)]) + "\n"
