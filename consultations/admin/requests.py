"""Admin of requests: the list, its search, and the page on which staff work on one request.

The page itself saves nothing. Each button is a small POST view that says what the page showed (`seen`) and calls one
verb of requests/moving.py; what the verb refuses comes back on the same page, in words and with everything typed still there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from consultations.access.viewing import viewed
from consultations.admin import appointment_block, detail
from consultations.admin.addresses import addresses
from consultations.admin.appointment_buttons import AppointmentButtons, find_appointment
from consultations.admin.filters import AssigneeFilter, CenterFilter, DueFilter, TherapyFilter
from consultations.admin.forms import AssignForm, MoveForm, Narrowed, NoteForm
from consultations.admin.mailing import ResendForm, resend_mail
from consultations.admin.places import ByPlace, acting
from consultations.admin.privacy_buttons import PrivacyButtons
from consultations.admin.proof import ProofPages
from consultations.admin.readonly import WrittenByVerbs
from consultations.admin.search import search
from consultations.booking import closing
from consultations.booking.availability import Slot
from consultations.clocks import wording
from consultations.exceptions import ChangedMeanwhile, ConsultationError, Erased
from consultations.models import ConsultationRequest
from consultations.models.fields import WORDS
from consultations.models.request import RequestQuerySet
from consultations.requests import moving
from consultations.requests.moving import name_of
from consultations.statuses import AccessKind
from content.admin.marks import mark

type Verb = Callable[[ConsultationRequest, dict[str, Any], User, dt.datetime], None]


def _move(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    if data["cancelling"]:
        appointment = find_appointment(request, data["cancelling"])
        closing.close(
            request, to=data["to"], seen=data["seen"], reason=data["reason"], by=by, now=now, cancelling=appointment
        )
    else:
        moving.move(request, to=data["to"], seen=data["seen"], reason=data["reason"], by=by, now=now)


def _assign(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    moving.assign(request, to=data["to"], seen=data["seen"], by=by, now=now)


def _note(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    moving.note(request, text=data["text"], by=by, now=now)


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(
    ByPlace, WrittenByVerbs, AppointmentButtons, PrivacyButtons, ProofPages, admin.ModelAdmin[ConsultationRequest]
):
    """The triage desk."""

    list_display = [
        "reference",
        "name",
        "state",
        "answer",
        "center",
        "therapy_names",
        "came_from",
        "assigned",
        "received",
    ]
    list_display_links = ["reference", "name"]
    list_filter = [DueFilter, "status", AssigneeFilter, CenterFilter, TherapyFilter]
    list_per_page = 50
    show_full_result_count = False
    # Counting every choice of every filter would read the whole table several times.
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["reference"]
    search_help_text = "A name, a mail address from its start, a phone number or a reference such as R-7K2M-9QXD"
    actions = ["claim_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsultationRequest]:
        """Leave the visitor's words sealed until a page needs them; the list shows where they came from."""
        requests = cast("RequestQuerySet", super().get_queryset(request)).with_mail_trouble()
        requests = requests.defer(*set(WORDS) - {"source"})
        return requests.select_related("center", "assignee").prefetch_related("therapies")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Give the list the whole width: it has no need of the other models beside it."""
        own = {"is_nav_sidebar_enabled": False, "title": "Consultation requests"}
        return super().changelist_view(request, own | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], search_term: str
    ) -> tuple[QuerySet[ConsultationRequest], bool]:
        """Search as people ask on the phone."""
        return search(queryset, search_term), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Newest first; in a list of what to do, what is due soonest."""
        return ("respond_by", "id") if request.GET.get(DueFilter.parameter_name) else ("-received_at", "-id")

    @admin.display(description="status", ordering="status")
    def state(self, request: ConsultationRequest) -> SafeString:
        """The status in a word with a shape."""
        return detail.state(request)

    @admin.display(description="answer", ordering="respond_by", empty_value="")
    def answer(self, request: ConsultationRequest) -> str | SafeString:
        """How long until the promised answer is due, or how late it is; and whether a mail could not leave."""
        stands = detail.answer(request, timezone.now())
        if not getattr(request, "mail_trouble", False):
            return stands
        return format_html("{} {}", stands, mark("mail failed", "warn"))

    @admin.display(description="therapies")
    def therapy_names(self, request: ConsultationRequest) -> str:
        """What the visitor asked about."""
        return ", ".join(therapy.short_name for therapy in request.therapies.all())

    @admin.display(description="source")
    def came_from(self, request: ConsultationRequest) -> str:
        """The page that led here; encrypted, so the list is not ordered by it."""
        return request.source

    @admin.display(description="assignee", ordering="assignee", empty_value="nobody")
    def assigned(self, request: ConsultationRequest) -> str | None:
        """Who has it."""
        return name_of(request.assignee) if request.assignee else None

    @admin.display(description="received (UTC)", ordering="received_at")
    def received(self, request: ConsultationRequest) -> SafeString:
        """When it came in."""
        at = request.received_at
        # Without the day of the week: the list has many columns.
        words = wording.short(at, wording.UTC).partition(" ")[2]
        return format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%MZ}", words)

    @admin.action(description="Claim selected requests for me", permissions=["change"])
    def claim_selected(self, request: HttpRequest, queryset: QuerySet[ConsultationRequest]) -> None:
        """Take those that nobody has; say for each of the others why not."""
        by, taken = acting(request), 0
        # Nobody can be called back about a request that was erased.
        for consultation in queryset.filter(erased_at=None):
            try:
                moving.assign(consultation, to=by, by=by, seen=None, now=timezone.now())
            except ConsultationError as refusal:
                self.message_user(request, f"{consultation.reference}: {refusal}", messages.WARNING)
            else:
                taken += 1
        if taken:
            words = "1 request is yours now." if taken == 1 else f"{taken} requests are yours now."
            self.message_user(request, words, messages.SUCCESS)

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
        return self._act(request, object_id, AssignForm, _assign, "Saved who has it.")

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
        address = reverse("admin:consultations_consultationrequest_change", args=[object_id])
        return HttpResponseRedirect(f"{address}#timeline")

    def _find(self, request: HttpRequest, object_id: str, may: Callable[..., bool]) -> ConsultationRequest:
        """Return the request for those who may; others learn not even whether there is one."""
        consultation: ConsultationRequest | None = self.get_object(request, unquote(object_id))
        if not may(request, consultation):
            raise PermissionDenied
        if consultation is None:
            raise Http404("There is no such request.")
        return consultation

    # A note or a reason may hold health details; an exception report must not repeat them.
    @method_decorator([sensitive_post_parameters(), sensitive_variables()])
    def _act(
        self, request: HttpRequest, object_id: str, form_class: type[forms.Form], verb: Verb, done: str
    ) -> HttpResponse:
        """Check who asks and what, call the verb, say what came of it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        consultation = self._find(request, object_id, self.has_change_permission)
        if consultation.erased_at is not None:
            return self._refuse(
                request, consultation, "This request was erased. Nothing was saved.", HTTPStatus.CONFLICT
            )
        form = form_class(request.POST)
        if isinstance(form, Narrowed):
            form.narrow(acting(request), consultation)
        if not form.is_valid():
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return self._refuse(request, consultation, words, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            verb(consultation, form.cleaned_data, acting(request), timezone.now())
        except ConsultationError as refusal:
            meanwhile = isinstance(refusal, ChangedMeanwhile | Erased)
            status = HTTPStatus.CONFLICT if meanwhile else HTTPStatus.UNPROCESSABLE_ENTITY
            return self._refuse(request, consultation, str(refusal), status, getattr(refusal, "alternatives", ()))
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:consultations_consultationrequest_change", args=[consultation.pk]))

    def _refuse(
        self,
        request: HttpRequest,
        consultation: ConsultationRequest,
        words: str,
        status: int,
        instead: Sequence[Slot] = (),
    ) -> HttpResponse:
        """Show the request as it stands now, why nothing was saved, what was typed, and other times instead."""
        messages.error(request, words)
        consultation.refresh_from_db()
        return self._show(request, consultation, status, instead)

    def _show(
        self,
        request: HttpRequest,
        consultation: ConsultationRequest,
        status: int = HTTPStatus.OK,
        instead: Sequence[Slot] = (),
    ) -> HttpResponse:
        # Left out of lists, and here opened in one go.
        consultation.refresh_from_db(fields=[*WORDS])
        now, may_change = timezone.now(), self.has_change_permission(request, consultation)
        viewed(consultation, AccessKind.DETAIL, by=acting(request), now=now)
        shown = detail.context(consultation, user=acting(request), now=now, may_change=may_change)
        asked = request.POST or request.GET
        block = appointment_block.of(
            consultation, asked, user=acting(request), now=now, may_work=shown["may_work"], instead=instead
        )
        context = {
            **self.admin_site.each_context(request),
            **shown,
            **detail.moves(consultation, to_come=block.to_come is not None),
            "booking": block,
            "opts": self.opts,
            "typed": request.POST,
            "is_error": status != HTTPStatus.OK,
        }
        return TemplateResponse(request, "admin/consultations/consultationrequest/detail.html", context, status=status)
