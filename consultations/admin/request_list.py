"""The inbox: columns of the request list, its tabs with counts, and saved views.

Counts and rows of a tab come from one queryset (requests/inbox.py), narrowed by what the reader may see.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consultations.admin import detail, status_words
from consultations.admin.addresses import list_of_requests, page_of
from consultations.admin.filters import (
    AssigneeFilter,
    CenterOrNoneFilter,
    DueFilter,
    LanguageFilter,
    ReceivedFilter,
    SourceFilter,
    TherapyFilter,
)
from consultations.admin.forms import errors_of
from consultations.admin.paging import LongList
from consultations.admin.saved_views import SaveForm
from consultations.admin.search import search
from consultations.clocks import wording
from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest, SavedView
from consultations.models.fields import WORDS
from consultations.models.request import RequestQuerySet
from consultations.requests import claims, inbox, saved_views
from consultations.requests.moving import name_of
from consultations.statuses import NextStep
from content.admin.actor import actor
from content.admin.marks import mark

# Claimed in one go: a list may have ten thousand rows, and each takes its moment.
MOST_CLAIMED = 100
# Columns that no page shows.
SECRET = {"key", "link_id", "former_link_id", "body_digest", "language_digest", "source_digest"}


@dataclass(frozen=True)
class Tab:
    """A view of the inbox with the way there, and how many requests it has among those that the filters leave."""

    view: inbox.View
    address: str
    count: str
    is_current: bool


class RequestList(LongList, admin.ModelAdmin[ConsultationRequest]):
    """The list of requests."""

    list_display = ["visitor", "state", "step", "center", "asked_about", "holder", "received"]
    list_display_links = None
    list_filter = [
        DueFilter, "status", AssigneeFilter, CenterOrNoneFilter, TherapyFilter, LanguageFilter, SourceFilter, ReceivedFilter
    ]  # fmt: skip
    list_per_page = 50
    counted = inbox.MOST
    # The others have no index: sorting by them would read the whole table. The views go by the next step.
    sortable_by = ("received",)
    search_fields = ["reference"]
    search_help_text = "A name, a mail address from its start, a phone number or a reference such as R-7K2M-9QXD"
    actions = ["claim_selected"]
    change_list_template = "admin/consultations/consultationrequest/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsultationRequest]:
        """Leave the visitor's words sealed until a page needs them; the list shows where they came from."""
        requests = cast("RequestQuerySet", super().get_queryset(request)).with_mail_trouble().with_asked_again()
        requests = requests.defer(*set(WORDS) - {"source"})
        return requests.select_related("center", "assignee").prefetch_related("therapies")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Give the list the whole width, and the tabs with their counts."""
        request.META[BACK] = request.GET.urlencode()
        own: dict[str, Any] = {"is_nav_sidebar_enabled": False, "title": "Consultation requests"}
        # The press of an action is answered with the list, which counts then.
        response = super().changelist_view(request, own | (extra_context or {}))
        if request.method == "GET" and isinstance(response, TemplateResponse) and response.context_data:
            response.context_data |= self._around(request, response.context_data["cl"])
        return response

    def _around(self, request: HttpRequest, shown: ChangeList) -> dict[str, Any]:
        at, chosen = inbox.moment(request.user, timezone.now()), request.GET.get(DueFilter.parameter_name, "")
        filters = saved_views.filters_of(request.GET.urlencode())
        views = [
            (view, view.query == filters) for view in SavedView.objects.visible_to(request.user).select_related("owner")
        ]
        # A press on a tab keeps the filters at the side, so its count is of what they leave.
        among = at.seen
        for spec in shown.filter_specs:
            if not isinstance(spec, DueFilter):
                among = cast("RequestQuerySet", spec.queryset(request, among))
        return {
            "tabs": [
                Tab(
                    view,
                    list_address(saved_views.in_tab(filters, key)),
                    inbox.in_words(inbox.bounded(inbox.rows(key, at, among))),
                    key == chosen,
                )
                for key, view in inbox.VIEWS.items()
            ],
            "everything": list_address(saved_views.in_tab(filters, "")),
            "saved_views": views,
            "filters": filters,
            "in_no_tab": not chosen,
        }

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """Put what is promised for sooner than its next step on the first page of a list that goes by the step."""
        paginator = super().get_paginator(request, queryset, *args, **kwargs)
        view = inbox.VIEWS.get(request.GET.get(DueFilter.parameter_name, ""))
        if view is not None and view.order == inbox.BY_STEP and ORDER_VAR not in request.GET:
            sooner = inbox.promised_sooner(cast("RequestQuerySet", queryset), timezone.now())
            paginator.sooner = dict(sooner.values_list("pk", "respond_by")[: self.list_per_page])
        return paginator

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], search_term: str
    ) -> tuple[QuerySet[ConsultationRequest], bool]:
        """Search as people ask on the phone."""
        return search(queryset, search_term), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Let nobody narrow the list by what opens the private page: letter by letter it could be read."""
        return lookup.partition("__")[0] not in SECRET and super().lookup_allowed(lookup, value, request)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Newest first; in a list of what to do, what is due soonest."""
        view = inbox.VIEWS.get(request.GET.get(DueFilter.parameter_name, ""))
        return view.order if view else inbox.NEWEST

    @admin.display(description="visitor")
    def visitor(self, request: ConsultationRequest) -> SafeString:
        """Who, and the reference."""
        address = page_of(request.pk)
        return format_html('<a href="{}">{}</a> <small>{}</small>', address, request.name, request.reference)

    @admin.display(description="status")
    def state(self, request: ConsultationRequest) -> SafeString:
        """The status in a word with a shape."""
        return detail.state(request)

    @admin.display(description="next step", ordering="next_at", empty_value="")
    def step(self, request: ConsultationRequest) -> SafeString:
        """What is to be done next, how the promised answer stands, and what else to know before claiming it."""
        now = timezone.now()
        marks = [detail.answer(request, now)]
        if not marks[0] or request.next_step != NextStep.ANSWER:
            words, kind = status_words.next_step(request, now)
            marks.insert(0, mark(words, kind) if words else "")
        if getattr(request, "mail_trouble", False):
            marks.append(mark("mail failed", "warn"))
        if getattr(request, "asked_again", False):
            marks.append(mark(status_words.AGAIN, "calm"))
        return format_html_join(" ", "{}", ([one] for one in marks if one))

    @admin.display(description="asked about")
    def asked_about(self, request: ConsultationRequest) -> SafeString:
        """What the visitor asked about, and the page that led here; that is encrypted, so the list is not ordered by it."""
        names = ", ".join(therapy.short_name for therapy in request.therapies.all())
        return format_html("{} <small>{}</small>", names, request.source)

    @admin.display(description="who has it")
    def holder(self, request: ConsultationRequest) -> str | SafeString:
        """Who has it, or the button that takes it."""
        if request.assignee is not None:
            return name_of(request.assignee)
        if not getattr(request, "claim_address", ""):
            return "nobody"
        words = "Claim"
        return format_html(
            '<button type="submit" formaction="{}" class="claim" aria-label="{} {}">{}</button>',
            getattr(request, "claim_address", ""),
            words,
            request.name,
            words,
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Tell rows that can be claimed where their button leads: a column does not know who asks, nor from which list."""
        shown = super().get_changelist_instance(request)
        if shown.paginator.sooner:
            shown.result_list = inbox.in_order(list(shown.result_list), shown.paginator.sooner)
        if self.has_change_permission(request):
            query = urlencode({"back": request.META.get(BACK, "")})
            rows = shown.result_list = list(shown.result_list)
            for row in rows:
                if row.assignee_id is None and row.erased_at is None:
                    address = page_of(row.pk, "claim")
                    row.claim_address = f"{address}?{query}"
        return shown

    @admin.display(description="received (UTC)", ordering="received_at")
    def received(self, request: ConsultationRequest) -> SafeString:
        """When it came in, on UTC's clock, which desk.js makes the reader's, and on that of its center where it is another."""
        at, center = request.received_at, request.center
        words = format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%MZ}", _moment(at, wording.UTC))
        away = at.astimezone(center.zone).utcoffset() if center else None
        if center is None or not away:
            return words
        there, here = _moment(at, center.zone), _moment(at, wording.UTC)
        # The day only where it is another one.
        there = there if there[:-5] != here[:-5] else there[-5:]
        minutes = away // dt.timedelta(minutes=1)
        return format_html('{} <small data-away="{}">{} {}</small>', words, minutes, there, wording.place(center.zone))

    @admin.action(description="Claim selected requests for me", permissions=["change"])
    def claim_selected(self, request: HttpRequest, queryset: QuerySet[ConsultationRequest]) -> None:
        """Take those that nobody has; say for each of the others why not."""
        by, taken = actor(request), 0
        chosen = self._chosen(request, queryset)
        if len(chosen) > MOST_CLAIMED:
            self.message_user(request, f"Choose {MOST_CLAIMED} requests at most. Nothing was changed.", messages.ERROR)
            return
        for consultation in chosen:
            try:
                claims.claim(consultation, by=by, now=timezone.now())
            except ConsultationError as refusal:
                self.message_user(request, f"{consultation.reference}: {refusal}", messages.WARNING)
            else:
                taken += 1
        if taken:
            words = "1 request is yours now." if taken == 1 else f"{taken} requests are yours now."
            self.message_user(request, words, messages.SUCCESS)

    def _chosen(self, request: HttpRequest, queryset: QuerySet[ConsultationRequest]) -> list[ConsultationRequest]:
        """Return the chosen requests, one more than can be claimed in one go at most."""
        if request.POST.get("select_across") != "1":
            # As they were chosen: a filter of the list, such as "Nobody's", has lost what a colleague took meanwhile.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        # Nobody can be called back about a request that was erased.
        return list(queryset.filter(erased_at=None)[: MOST_CLAIMED + 1])

    def get_urls(self) -> list[Any]:
        """Add the address that saves a view."""
        save = self.admin_site.admin_view(self.save_view)
        return [path("save-view/", save, name="consultations_consultationrequest_save_view"), *super().get_urls()]

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Save the filters of the list under a name."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request) or not request.user.has_perm("consultations.add_savedview"):
            raise PermissionDenied
        form = SaveForm(request.POST)
        query = saved_views.filters_of(request.POST.get("query", ""))
        if not form.is_valid():
            self.message_user(request, " ".join(errors_of(form)), messages.ERROR)
        else:
            try:
                view = saved_views.keep(**form.cleaned_data, by=actor(request))
            except ConsultationError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, f"“{view}” is saved.", messages.SUCCESS)
        return HttpResponseRedirect(list_address(query))


def _moment(at: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return `3 Mar 2027, 14:30`: without the day of the week, as the list has many columns."""
    return wording.short(at, zone).partition(" ")[2]


# Carries the filters of the list to its rows; no header of a client's can have this name.
BACK = "consultations.back"


def list_address(query: str) -> str:
    """Return the address of the list with these filters, whatever came as `query`."""
    address = list_of_requests()
    filters = saved_views.filters_of(query)
    return f"{address}?{filters}" if filters else address
