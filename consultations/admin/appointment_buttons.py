"""Staff buttons of an appointment: book, move, confirm, decline, cancel, record the outcome.

Each hands what was sent to one verb of booking/appointments.py; what that refuses is told in the words of the desk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from consultations.admin.addresses import addresses
from consultations.admin.booking_forms import EndForm, OutcomeForm, TimeForm, wanted_slot_of
from consultations.admin.forms import STALE
from consultations.booking import appointments, unconfirmed
from consultations.booking.availability import OVERRIDABLE
from consultations.booking.refusals import AlreadyBooked, NotOffered, SlotTaken
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Appointment, ConsultationRequest

SET_ASIDE = "A reason for an exception sets this aside."


class AppointmentButtons(admin.ModelAdmin[ConsultationRequest]):
    """Adds `…/book/` and the like to the requests' own addresses."""

    _act: Callable[..., HttpResponse]

    def get_urls(self) -> list[Any]:
        """Add them."""
        views = {
            "book": self.book_view,
            "confirm": self.confirm_view,
            "decline": self.decline_view,
            "cancel": self.cancel_view,
            "outcome": self.outcome_view,
            "proved": self.proved_view,
        }
        return [*addresses(self, views), *super().get_urls()]

    def book_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Book a time, or move the appointment that the page showed."""
        return self._act(request, object_id, TimeForm, _book, _told("The appointment is booked."))

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Confirm one that waits."""
        return self._act(request, object_id, EndForm, _confirm, _told("The appointment is confirmed."))

    def decline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Turn down one that waits."""
        return self._act(
            request, object_id, EndForm, _decline, _told("The appointment is declined; its time is free again.")
        )

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel it."""
        return self._act(
            request, object_id, EndForm, _cancel, _told("The appointment is cancelled; its time is free again.")
        )

    def outcome_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record what came of it, or take that back."""
        return self._act(request, object_id, OutcomeForm, _outcome, "Recorded.")

    def proved_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Note that the number was confirmed on the phone, and with it the time that waits."""
        return self._act(request, object_id, NumberForm, _prove, "The number is confirmed.")


class NumberForm(forms.Form):
    """The number that the page showed."""

    number = forms.CharField(max_length=20, error_messages={"required": STALE, "max_length": STALE})


def _told(words: str) -> Callable[[ConsultationRequest, User], str]:
    """Return what says that it is done, and whom nobody has told of it: no mail reaches a visitor without an address."""
    alone = f"{words} Tell the visitor, who left no mail address."
    return lambda request, by: words if request.email else alone


type Fields = dict[str, Any]
type FormClass = type[forms.Form]


def _book(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    wanted_slot = wanted_slot_of(data, request)
    try:
        if data["appointment"]:
            appointments.move(find_appointment(request, data["appointment"]), wanted_slot, by=by, now=now)
        else:
            appointments.book(request, wanted_slot, by=by, now=now)
    except SlotTaken:
        raise
    except NotOffered as refusal:
        raise _in_full(refusal) from refusal
    except AlreadyBooked as refusal:
        raise NotAllowed(_already(refusal.existing, request, by)) from refusal


def _confirm(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    appointments.confirm(find_appointment(request, data["appointment"]), by=by, now=now)


def _decline(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    appointments.decline(find_appointment(request, data["appointment"]), by=by, now=now, reason=data["why"])


def _cancel(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    appointments.cancel(find_appointment(request, data["appointment"]), by=by, now=now, reason=data["why"])


def _outcome(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    try:
        appointments.record_outcome(
            find_appointment(request, data["appointment"]), outcome=data["outcome"], by=by, now=now
        )
    except AlreadyBooked as refusal:
        raise NotAllowed(_already(refusal.existing, request, by)) from refusal


def _prove(request: ConsultationRequest, data: Fields, by: User, now: dt.datetime) -> None:
    if data["number"] != request.phone_e164:
        raise ChangedMeanwhile("The number was changed meanwhile. Nothing was saved.")
    unconfirmed.confirm_phone(request, by=by, now=now)


def find_appointment(request: ConsultationRequest, pk: int) -> Appointment:
    """Return the appointment that was meant, if it is one of this request's."""
    appointment = request.appointments.select_related("appointment_type", "center", "consultant").filter(pk=pk).first()
    if appointment is None:
        raise NotAllowed(STALE)
    return appointment


def _in_full(refusal: NotOffered) -> NotOffered:
    """Return the refusal with all that stands against the time."""
    hint = SET_ASIDE if {reason.why for reason in refusal.reasons} <= OVERRIDABLE else ""
    words = dict.fromkeys([str(refusal), *(reason.text for reason in refusal.reasons), hint])
    text = " ".join(filter(None, words))
    return NotOffered(text, reasons=refusal.reasons, alternatives=refusal.alternatives)


def _already(existing: Appointment, request: ConsultationRequest, by: User) -> str:
    if existing.request_id == request.pk:
        return f"There is an appointment already: {existing.in_words}. Nothing was saved; it can be moved."
    if not Appointment.objects.visible_to(by).filter(pk=existing.pk).exists():
        # Which and when is for the other center's staff.
        return "This person has an appointment already. Nothing was saved; a reason for an exception books another one."
    return (
        f"This person has an appointment already, with {existing.request.reference}: {existing.in_words}. "
        "Nothing was saved; a reason for an exception books another one."
    )
