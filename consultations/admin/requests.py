"""Admin of requests: the list, its search, and the page on which staff work on one request.

The page itself saves nothing. Each button is a small POST view that says what the page showed (`seen`) and calls one
verb of requests/moving.py; what the verb refuses comes back on the same page, in words and with everything typed still there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from consultations.access import presence
from consultations.access.viewing import viewed
from consultations.admin import appointment_block, detail, replies
from consultations.admin.addresses import addresses, page_of
from consultations.admin.appointment_buttons import AppointmentButtons, find_appointment
from consultations.admin.forms import ERASED, AssignForm, MoveForm, Narrowed, NoteForm, errors_of
from consultations.admin.mailing import ResendForm, resend_mail
from consultations.admin.places import ByPlace
from consultations.admin.privacy_buttons import PrivacyButtons
from consultations.admin.proof import ProofPages
from consultations.admin.readonly import WrittenByVerbs
from consultations.admin.replies import ReplyButtons
from consultations.admin.request_list import RequestList
from consultations.admin.triage_buttons import Conflict, TriageButtons, in_both, who_has_it
from consultations.booking import closing
from consultations.booking.availability import Slot
from consultations.exceptions import ChangedMeanwhile, ConsultationError, Erased
from consultations.models import ConsultationRequest
from consultations.models.fields import WORDS
from consultations.requests import moving
from consultations.statuses import AccessKind
from content.admin.actor import actor

type Verb = Callable[[ConsultationRequest, dict[str, Any], User, dt.datetime], None]
# What the page says once a verb was called; a function is told of the request as it stands then, and who pressed.
type Done = str | Callable[[ConsultationRequest, User], str]
type Answer = Callable[[ConsultationRequest, dict[str, Any]], HttpResponse]


def _move(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    said = {name: data[name] for name in ("to", "seen", "reason", "closed_for")}
    if data["cancelling"]:
        appointment = find_appointment(request, data["cancelling"])
        closing.close(request, by=by, now=now, cancelling=appointment, **said)
    else:
        moving.move(request, by=by, now=now, **said)


def _assign(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    moving.assign(request, to=data["to"], seen=data["seen"], by=by, now=now)


def _note(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    moving.note(request, text=data["text"], by=by, now=now)


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(
    RequestList,
    ByPlace,
    WrittenByVerbs,
    TriageButtons,
    ReplyButtons,
    AppointmentButtons,
    PrivacyButtons,
    ProofPages,
    admin.ModelAdmin[ConsultationRequest],
):
    """The triage desk."""

    def get_urls(self) -> list[Any]:
        """Add an address for each button."""
        views = {
            "move": self.move_view,
            "assign": self.assign_view,
            "note": self.note_view,
            "resend": self.resend_view,
        }
        return [*addresses(self, views), *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move the status."""
        return self._act(request, object_id, MoveForm, _move, "The status is saved.")

    def assign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Claim, hand over or give back."""
        return self._act(request, object_id, AssignForm, _assign, who_has_it)

    def note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add an internal note."""
        return self._act(request, object_id, NoteForm, _note, "The note is saved.")

    def resend_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send a mail again that could not be sent."""
        return self._act(request, object_id, ResendForm, resend_mail, "The mail is on its way again.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the request; the page has nothing to save."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        consultation = self._find(request, object_id, self.has_view_or_change_permission)
        return self._show(request, consultation)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the timeline, which is the one history."""
        return HttpResponseRedirect(f"{page_of(object_id)}#timeline")

    def _find(self, request: HttpRequest, object_id: str, may: Callable[..., bool]) -> ConsultationRequest:
        """Return the request for those who may; others learn not even whether there is one."""
        consultation: ConsultationRequest | None = self.get_object(request, unquote(object_id))
        if not may(request, consultation):
            raise PermissionDenied
        if consultation is None:
            raise Http404("There is no such request.")
        return consultation

    def _act(
        self, request: HttpRequest, object_id: str, form_class: type[forms.Form], verb: Verb, done: Done
    ) -> HttpResponse:
        """Call the verb with what was sent, say that it is done, and lead back to the request."""

        def answer(consultation: ConsultationRequest, data: dict[str, Any]) -> HttpResponse:
            by = actor(request)
            verb(consultation, data, by, timezone.now())
            self.message_user(request, done if isinstance(done, str) else done(consultation, by), messages.SUCCESS)
            return HttpResponseRedirect(page_of(consultation.pk))

        return self._answer(request, object_id, form_class, answer)

    # A note, a mail or a reason may hold health details; an exception report must not repeat them.
    @method_decorator([sensitive_post_parameters(), sensitive_variables()])
    def _answer(
        self, request: HttpRequest, object_id: str, form_class: type[forms.Form], answer: Answer
    ) -> HttpResponse:
        """Check who asks and what, and return what `answer` makes of it; what it refuses is said on the request's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        consultation = self._find(request, object_id, self.has_change_permission)
        if consultation.erased_at is not None:
            return self._refuse(request, consultation, ERASED, HTTPStatus.CONFLICT)
        form = form_class(request.POST)
        if isinstance(form, Narrowed):
            form.narrow(actor(request), consultation)
        if not form.is_valid():
            return self._refuse(request, consultation, " ".join(errors_of(form)), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            return answer(consultation, form.cleaned_data)
        except ConsultationError as refusal:
            meanwhile = isinstance(refusal, ChangedMeanwhile | Erased)
            status = HTTPStatus.CONFLICT if meanwhile else HTTPStatus.UNPROCESSABLE_ENTITY
            seen = in_both(form.cleaned_data, consultation) if meanwhile else []
            return self._refuse(request, consultation, str(refusal), status, getattr(refusal, "alternatives", ()), seen)

    def _refuse(
        self,
        request: HttpRequest,
        consultation: ConsultationRequest,
        words: str,
        status: int,
        instead: Sequence[Slot] = (),
        conflict: Sequence[Conflict] = (),
    ) -> HttpResponse:
        """Show the request as it stands now, why nothing was saved, both values, what was typed, and other times instead."""
        messages.error(request, words)
        consultation.refresh_from_db()
        return self._show(request, consultation, status, instead, conflict, refused=words)

    def _show(
        self,
        request: HttpRequest,
        consultation: ConsultationRequest,
        status: int = HTTPStatus.OK,
        instead: Sequence[Slot] = (),
        conflict: Sequence[Conflict] = (),
        refused: str = "",
    ) -> HttpResponse:
        # Left out of lists, and here opened in one go.
        consultation.refresh_from_db(fields=[*WORDS])
        now, may_change = timezone.now(), self.has_change_permission(request, consultation)
        viewed(consultation, AccessKind.DETAIL, by=actor(request), now=now)
        presence.here(consultation, by=actor(request), now=now)
        shown = detail.context(consultation, user=actor(request), now=now, may_change=may_change)
        asked = request.POST or request.GET
        block = appointment_block.of(
            consultation, asked, user=actor(request), now=now, may_work=shown["may_work"], instead=instead
        )
        context = {
            **self.admin_site.each_context(request),
            **shown,
            **detail.moves(consultation, to_come=block.to_come is not None),
            **replies.block(consultation, request, by=actor(request), may_work=shown["may_work"]),
            "booking": block,
            "opts": self.opts,
            "conflict": [line.now(consultation) for line in conflict],
            "typed": request.POST,
            "refused": refused,
            "refused_at": _button(request) if refused else "",
            "is_error": status != HTTPStatus.OK,
        }
        return TemplateResponse(request, "admin/consultations/consultationrequest/detail.html", context, status=status)


def _button(request: HttpRequest) -> str:
    """Return which button was pressed: the end of its address's name, such as `move`."""
    match = request.resolver_match
    return (match.url_name or "").rpartition("_")[2] if match else ""
