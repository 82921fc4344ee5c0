"""Refusals of the booking verbs: not offered, just taken, already booked, too late; in words for visitors. A leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.exceptions import ConsultationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consultations.booking.availability import Reason, Slot
    from consultations.models import Appointment


class NotOffered(ConsultationError):
    """The rules do not offer this time; nothing was written. `alternatives` are the nearest times that are free."""

    def __init__(self, text: str, *, reasons: Sequence[Reason] = (), alternatives: Sequence[Slot] = ()) -> None:
        super().__init__(text)
        self.reasons = list(reasons)
        self.alternatives = list(alternatives)


class SlotTaken(NotOffered):
    """Somebody else has this time by now; nothing was written."""


class AlreadyBooked(ConsultationError):
    """The person already has an appointment, which can be moved instead; nothing was written."""

    def __init__(self, existing: Appointment) -> None:
        super().__init__("You already have an appointment. You can move it or cancel it.")
        self.existing = existing


class TooManyUnconfirmed(ConsultationError):
    """Too many times wait for their visitors to confirm an address; nothing was written."""

    def __init__(self, *, by_mail: bool) -> None:
        how = "Press the button in the email we sent you, then choose" if by_mail else "Please call us, or choose"
        super().__init__(
            f"Many times here are waiting to be confirmed just now. {how} a time again: then it is yours at once."
            if by_mail
            else f"Many times here are waiting to be confirmed just now. {how} a time on another day."
        )


class AppointmentStands(ConsultationError):
    """The request has an appointment to come, which closing it would leave to nobody; nothing was written."""

    def __init__(self, existing: Appointment) -> None:
        super().__init__(
            f"An appointment is to come: {existing.in_words}. Cancel it first, or together with the request. "
            "Nothing was saved."
        )
        self.existing = existing


class TooLate(ConsultationError):
    """Too close to the appointment for a visitor to change it alone; nothing was written."""


class TooEarly(ConsultationError):
    """What came of an appointment is known only once it has begun; nothing was written."""
