"""Staff buttons of who has a request, of calls, and of the next step; and what a page says where two saved at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html

from consultations.admin import detail
from consultations.admin.addresses import addresses, page_of
from consultations.admin.forms import STALE, TEXT_LENGTH, AssignForm
from consultations.admin.request_list import list_address
from consultations.admin.step_form import StepForm
from consultations.clocks import wording
from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest
from consultations.requests import calls, claims, next_steps
from consultations.requests.moving import name_of
from consultations.statuses import CallOutcome, Status
from content import form_fields
from content.admin.actor import actor


class TakeForm(forms.Form):
    """Claiming says nothing more than the button."""


class HandOverForm(AssignForm):
    """A hand-over with a note for whoever has it next."""

    note = form_fields.WordsField(required=False, max_length=TEXT_LENGTH)


class CallForm(forms.Form):
    """What came of a call, and how many the page showed."""

    outcome = forms.ChoiceField(
        choices=CallOutcome.choices, error_messages={"invalid_choice": STALE, "required": STALE}
    )
    seen = forms.IntegerField(min_value=0, max_value=100_000, error_messages={"invalid": STALE, "required": STALE})

    def clean_outcome(self) -> CallOutcome:
        """Return a member of the list."""
        return CallOutcome(self.cleaned_data["outcome"])


@dataclass(frozen=True)
class Conflict:
    """One value that somebody wanted to save while a colleague saved another."""

    what: str
    wanted: str
    of: Callable[[ConsultationRequest], str]

    def now(self, request: ConsultationRequest) -> tuple[str, str, str]:
        """Return what it is, what was wanted, and how it stands."""
        return self.what, self.wanted, self.of(request)


def in_both(data: Mapping[str, Any], request: ConsultationRequest) -> list[Conflict]:
    """Return what a form wanted to save of the values that a colleague changed, for a page that shows both."""
    found: list[Conflict] = []
    if isinstance(to := data.get("to"), Status):
        found.append(Conflict("Status", str(to.label), lambda row: row.get_status_display()))
    elif "to" in data or not data:
        found.append(Conflict("Who has it", name_of(to) if to else "you" if not data else "nobody", _holder))
    if "step" in data:
        wanted = f"{data['step'].label}, {wording.utc(data['local'])}"
        found.append(Conflict("Next step", wanted, _step))
    if "outcome" in data and isinstance(data["outcome"], CallOutcome):
        found.append(Conflict("Call", str(data["outcome"].label), calls.latest))
    found += [
        Conflict(label, words, lambda _: "not saved; it stands in the form")
        for name, label in (("note", "Note"), ("reason", "Reason"))
        if (words := data.get(name))
    ]
    return found


def _holder(request: ConsultationRequest) -> str:
    return name_of(request.assignee) if request.assignee else "nobody"


def _step(request: ConsultationRequest) -> str:
    return f"{request.get_next_step_display()}, {wording.utc(request.next_at)}" if request.next_at else "none"


class TriageButtons(admin.ModelAdmin[ConsultationRequest]):
    """Adds `…/claim/` and the like to the requests' own addresses."""

    _act: Callable[..., HttpResponse]
    _find: Callable[..., ConsultationRequest]

    def get_urls(self) -> list[Any]:
        """Add them."""
        views = {
            "claim": self.claim_view,
            "handover": self.hand_over_view,
            "call": self.call_view,
            "step": self.step_view,
        }
        return [*addresses(self, views), *super().get_urls()]

    def claim_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a request that nobody has; a press in the list leads back to it."""
        if "back" not in request.GET or request.method != "POST":
            return self._act(request, object_id, TakeForm, _claim, "It is yours.")
        consultation = self._find(request, object_id, self.has_change_permission)
        try:
            claims.claim(consultation, by=actor(request), now=timezone.now())
        except ConsultationError as refusal:
            self.message_user(request, f"{consultation.reference}: {refusal}", messages.ERROR)
        else:
            address = page_of(consultation.pk)
            yours = format_html(
                '<a href="{}">{}, {}</a>, is yours.', address, consultation.name, consultation.reference
            )
            self.message_user(request, yours, messages.SUCCESS)
        return HttpResponseRedirect(list_address(request.GET["back"]))

    def hand_over_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand over, take over or give back, with a note where one was written."""
        return self._act(request, object_id, HandOverForm, _hand_over, who_has_it)

    def call_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep what came of a call."""
        return self._act(request, object_id, CallForm, _call, _what_is_next)

    def step_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set the next step by hand."""
        return self._act(request, object_id, StepForm, _plan, _what_is_next)


def who_has_it(request: ConsultationRequest, by: User) -> str:
    """Return who has it now, and whether word of that reaches them."""
    who = request.assignee
    if who is None:
        return "Given back: nobody has it now."
    if who == by:
        return "It is yours."
    told = "and is told by mail." if who.email else "and has no mail address here: tell them yourself."
    return f"{name_of(who)} has it now, {told}"


def _what_is_next(request: ConsultationRequest, by: User) -> str:
    request.refresh_from_db(fields=["next_step", "next_at"])
    return f"Saved. Next: {request.get_next_step_display()}, {detail.when_next(request)}."


def _claim(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    claims.claim(request, by=by, now=now)


def _hand_over(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    if data["to"] == by and data["seen"] is not None and data["seen"] != by:
        claims.take_over(request, seen=data["seen"], by=by, now=now)
    else:
        claims.hand_over(request, to=data["to"], seen=data["seen"], note=data["note"], by=by, now=now)


def _call(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    calls.log(request, outcome=data["outcome"], seen=data["seen"], by=by, now=now)


def _plan(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    seen = (data["seen_step"], data["seen_at"])
    next_steps.plan(request, step=data["step"], at=data["local"], seen=seen, by=by, now=now)
