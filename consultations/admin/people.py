"""Admin of people: finding one, and everything of a person on one page.

What is shown, counted and searched are the requests that the reader may see. Of a person's requests at other centers nothing
is told, not even that there are any.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from consultations.access.viewing import all_viewed
from consultations.admin import detail
from consultations.admin.appointment_block import state as appointment_state
from consultations.admin.merging import MAY_MERGE, MergePages
from consultations.admin.person_privacy import PrivacyPages
from consultations.admin.places import ByPlace
from consultations.admin.readonly import ReadOnly
from consultations.admin.search import search
from consultations.clocks import wording
from consultations.models import Appointment, Consent, ConsultationRequest, Message, Person
from consultations.models.among import among
from consultations.models.fields import WORDS, through
from consultations.models.place import Viewer
from consultations.requests import duplicates, merging, timeline
from consultations.statuses import AccessKind
from content.admin.actor import actor
from content.numerals import number_in

# A person who asked more often than that is shown by the latest.
MOST = 200
# So many requests that a search finds are looked at; nobody reads a list of more people than that.
LOOKED_AT = 500
# What a search found on this page; no header of a client's can have this name.
FOUND = "consultations.found_people"


@admin.register(Person)
class PersonAdmin(MergePages, PrivacyPages, ByPlace, ReadOnly, admin.ModelAdmin[Person]):
    """People, found as one asks on the phone."""

    list_display = ["name", "contact", "center", "asked", "last_asked"]
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["id"]
    search_help_text = "Part of a name, the last four digits of a number, a mail address from its start, or a reference; of the newest 500 requests that fit"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Add what the list shows: of the latest request that the user may see."""
        seen = ConsultationRequest.objects.visible_to(request.user).filter(person=OuterRef("pk"))
        latest, shown = seen.order_by("-pk"), ("name", "email", "phone", "center__name", "received_at")
        # Asked row by row, and so for the rows of one page: a join would count for everybody first.
        number = seen.order_by().values("person").annotate(number=Count("pk")).values("number")
        columns = {f"latest_{name}": Subquery(latest.values(name)[:1]) for name in shown}
        people: QuerySet[Person] = super().get_queryset(request).annotate(seen=Subquery(number), **columns)
        return people

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Search the requests as the list of requests does."""
        return (queryset.filter(among("id", _found(request, search_term))) if search_term.strip() else queryset), False

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Read a page's rows by its ids alone: with those of all that were found, the database would look through everybody."""
        paginator = super().get_paginator(request, *args, **kwargs)
        if request.GET.get("q", "").strip():
            paginator.unsearched = self.get_queryset(request)
        return paginator

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the person where a search finds one."""
        term = request.GET.get("q", "")
        if term.strip() and set(request.GET) == {"q"} and self.has_view_permission(request):
            everybody = Person.objects.visible_to(request.user).order_by()
            found = list(self.get_search_results(request, everybody, term)[0].values_list("pk", flat=True)[:2])
            if len(found) == 1:
                return HttpResponseRedirect(reverse("admin:consultations_person_change", args=found))
        own = {"is_nav_sidebar_enabled": False, "title": "People"}
        return super().changelist_view(request, own | (extra_context or {}))

    @admin.display(description="name")
    def name(self, person: Person) -> str:
        """As the latest request has it."""
        return str(getattr(person, "latest_name", "")) or str(person)

    @admin.display(description="contact")
    def contact(self, person: Person) -> str:
        """Address and number of the latest request."""
        return ", ".join(filter(None, (getattr(person, f"latest_{name}", "") for name in ("phone", "email"))))

    @admin.display(description="center", empty_value="not sure yet")
    def center(self, person: Person) -> str | None:
        """Of the latest request."""
        return getattr(person, "latest_center__name", None)

    @admin.display(description="requests")
    def asked(self, person: Person) -> int:
        """How many the user may see."""
        return int(getattr(person, "seen", 0))

    @admin.display(description="last asked (UTC)")
    def last_asked(self, person: Person) -> str:
        """When the latest came in."""
        last = getattr(person, "latest_received_at", None)
        return wording.short(last, wording.UTC) if last else ""

    def get_urls(self) -> list[Any]:
        """Lead the history to the page, which has it."""
        view = self.admin_site.admin_view(self.history_view)
        return [path("<path:object_id>/history/", view, name="consultations_person_history"), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page: what happened stands at each request."""
        return HttpResponseRedirect(reverse("admin:consultations_person_change", args=[object_id]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the person; one who was merged is found where they are now."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        person, requests = self.find(request, object_id)
        if str(person.pk) != unquote(object_id):
            return HttpResponseRedirect(reverse("admin:consultations_person_change", args=[person.pk]))
        user, now = actor(request), timezone.now()
        all_viewed([one.pk for one in requests], AccessKind.PERSON, by=user, now=now)
        likely = duplicates.likely(requests, person, seen_by=user)
        context = {
            **self.admin_site.each_context(request),
            **_shown(requests, user),
            "title": requests[0].name,
            "opts": self.opts,
            "person": person,
            "likely": likely,
            "merges": merging.merges_into(person, seen_by=user).select_related("by", "undone_by", "merged"),
            "may_merge": user.has_perm(MAY_MERGE),
        }
        return TemplateResponse(request, "admin/consultations/person/detail.html", context)

    def find(self, request: HttpRequest, object_id: str) -> tuple[Person, list[ConsultationRequest]]:
        """Return a person, or whom they were merged into, with the requests that the user may see, the latest first.

        Raises:
            PermissionDenied, Http404: for those who may not; others learn not even whether there is one.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        # Not the person first: that would take longer for one of other centers than for nobody. No row has the key 0.
        seen = ConsultationRequest.objects.visible_to(request.user).filter(
            person=merging.current(number_in(unquote(object_id)) or 0)
        )
        found = seen.select_related("center", "assignee", "person").defer(*WORDS).order_by("-received_at", "-pk")
        requests = list(found[:MOST])
        if not requests or requests[0].person is None:
            raise Http404("There is no such person.")
        return requests[0].person, requests


def _found(request: HttpRequest, term: str) -> set[int]:
    """Return the people of the newest requests that a term means and the user may see; looked for once on each page.

    The requests are found first: a domain fits tens of thousands, and the database would look through everybody for them.
    """
    known: dict[str, set[int]] = request.META.setdefault(FOUND, {})
    if term not in known:
        seen = ConsultationRequest.objects.visible_to(request.user).filter(person__isnull=False)
        newest = search(seen, term).order_by("-pk").values_list("person", flat=True)[:LOOKED_AT]
        known[term] = set(newest)
    return known[term]


def _shown(requests: list[ConsultationRequest], user: Viewer) -> dict[str, Any]:
    """Return what hangs on the requests, each with the request that it is about."""
    now = timezone.now()
    appointments = Appointment.objects.visible_to(user).filter(request__in=requests).sealed().with_clinic_clock()
    messages = Message.objects.filter(request__in=requests).select_related("request")
    consents = Consent.objects.filter(request__in=requests).select_related("request", "text")
    return {
        "now": now,
        "requests": [(one, detail.state(one), detail.answer(one, now)) for one in requests],
        "emails": _once((one.email, one.email_confirmed_at) for one in requests),
        "phones": _once((one.phone_e164 or one.phone, one.phone_confirmed_at) for one in requests),
        "appointments": [
            (one, appointment_state(one))
            for one in appointments.select_related(
                "request__center", "consultant", "center", "appointment_type"
            ).order_by("-starts_at")
        ],
        "mails": [
            (one, detail.progress(one), timeline.leaves(one)) for one in messages.defer(*through("request", WORDS))
        ],
        "consents": consents.defer(*through("request", WORDS)).order_by("-given_at"),
    }


def _once(found: Any) -> list[tuple[str, Any]]:
    """Return each address or number once, with when it was confirmed last."""
    told: dict[str, Any] = {}
    for words, at in found:
        if words:
            told[words] = max(filter(None, (told.get(words), at)), default=None)
    return list(told.items())
