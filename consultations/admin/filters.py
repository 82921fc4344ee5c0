"""Filters of the request list: what to do, who has it, center, therapy, language, page, and when it came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from consultations.access.colleagues import colleagues_of
from consultations.admin.places import own_centers
from consultations.clocks import wall_clock
from consultations.links import coarse
from consultations.models import ConsultationRequest
from consultations.models.request import RequestQuerySet
from consultations.requests import inbox
from consultations.requests.moving import name_of
from content.choices import PageKind
from content.models import FormerSlug, Revision, Therapy


class DueFilter(admin.SimpleListFilter):
    """What the desk asks first: the views of the inbox, which stand as tabs above the list."""

    title = "what to do"
    parameter_name = "due"
    template = "admin/consultations/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [(key, view.label) for key, view in inbox.VIEWS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        view = inbox.VIEWS.get(self.value() or "")
        if view is None:
            return queryset
        return view.narrow(cast("RequestQuerySet", queryset), inbox.moment(request.user, timezone.now()))


class SelectFilter(admin.SimpleListFilter):
    """A filter whose choices fill a select of a small form."""

    template = "admin/consultations/select_filter.html"
    field: str

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Give the template the choices, and the rest of the query to send along."""
        yield {"selected": self.value() is None, "value": "", "display": "All"}
        for value, words in self.lookup_choices:
            yield {"selected": self.value() == value, "value": value, "display": words}

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[ConsultationRequest], model_admin: Any
    ) -> None:
        left_out = {self.parameter_name, "p"}
        self.kept = [(name, value) for name, values in request.GET.lists() if name not in left_out for value in values]
        super().__init__(request, params, model, model_admin)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list to one of the choices; anything else in the address narrows nothing."""
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(**{self.parameter_name or "": self.value()})


class CenterFilter(SelectFilter):
    """Rows at one center."""

    title = "center"
    parameter_name = "center"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the user's centers."""
        return [(str(pk), name) for pk, name in own_centers(request.user).values_list("pk", "name")]


class CenterOrNoneFilter(CenterFilter):
    """Requests for one center, or for none."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the user's centers, and none."""
        return [*super().lookups(request, model_admin), (inbox.NO_CENTER, "No center")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list to a center, or to what has none."""
        return queryset.filter(center=None) if self.value() == inbox.NO_CENTER else super().queryset(request, queryset)


class TherapyFilter(SelectFilter):
    """Requests about one therapy."""

    title = "therapy"
    parameter_name = "therapies"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return all therapies."""
        return [(str(pk), name) for pk, name in Therapy.objects.values_list("pk", "short_name")]


class AssigneeFilter(SelectFilter):
    """Requests that one person has."""

    title = "who has it"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the desk's staff at the user's places."""
        return [(str(person.pk), name_of(person)) for person in colleagues_of(request.user)]


class LanguageFilter(SelectFilter):
    """Requests in one language; it is encrypted, and compared by a digest."""

    title = "language"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the languages there are."""
        return [*coarse.languages(), (coarse.UNKNOWN, "not known")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        named = "" if self.value() == coarse.UNKNOWN else self.value() or ""
        return queryset.filter(language_digest__in=coarse.readings(coarse.LANGUAGE, [named]), erased_at=None)


class SourceFilter(SelectFilter):
    """Requests that one page led to; it is encrypted, and compared by a digest."""

    title = "page that led here"
    parameter_name = "source"
    # Pages that are not told apart.
    KINDS = (
        ("/", "The first page"),
        ("/articles/", "The list of articles"),
        ("/therapies/", "The list of therapies"),
        ("/centers/", "A center’s page"),
        ("/compare/", "A comparison"),
        ("/faq/", "Questions and answers"),
        ("/decide/", "The decision aid"),
        ("/contact/", "Contact"),
        ("/search/", "The search"),
    )

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the pages with a link to the form."""
        public = Revision.objects.public(timezone.now()).order_by("title").values_list("article__slug", "title")
        articles = [(f"/articles/{slug}/", title) for slug, title in public]
        therapies = [(f"/therapies/{slug}/", name) for slug, name in Therapy.objects.values_list("slug", "short_name")]
        return [*articles, *therapies, *self.KINDS, (coarse.UNKNOWN, "not known")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list; a page is known by its earlier addresses, too."""
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        named = self.value() or ""
        pages = [coarse.UNKNOWN, ""] if named == coarse.UNKNOWN else [named, *_earlier(named)]
        return queryset.filter(source_digest__in=coarse.readings(coarse.SOURCE, pages), erased_at=None)


def _earlier(page: str) -> list[str]:
    """Return the addresses that an article or therapy had before."""
    kinds = {"articles": PageKind.ARTICLE, "therapies": PageKind.THERAPY}
    first, _, slug = page.strip("/").partition("/")
    if not slug:
        return []
    former = FormerSlug.objects.filter(**{"kind": kinds[first], f"{kinds[first]}__slug": slug})
    return [f"/{first}/{one}/" for one in former.values_list("slug", flat=True)]


class ReceivedFilter(SelectFilter):
    """When requests came in: so many days until today, or from one day to another, on the clinic's clock.

    Days until today stay what they are in a saved view.
    """

    title = "when it came in"
    parameter_name = "received"
    template = "admin/consultations/dates_filter.html"
    DAYS = {"1": "Today", "7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days"}
    RANGE = ("since", "until")

    def __init__(self, request: HttpRequest, params: dict[str, Any], *args: Any) -> None:
        self.dates = {name: params.pop(name, [""])[-1] for name in self.RANGE if name in params}
        super().__init__(request, params, *args)
        self.kept = [(name, value) for name, value in self.kept if name not in self.RANGE]
        at = inbox.moment(request.user, timezone.now())
        self.zone, self.today = at.zone, at.now.astimezone(at.zone).date()

    def expected_parameters(self) -> list[str | None]:
        """Return the names of everything that is asked for."""
        return [self.parameter_name, *self.RANGE]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [*self.DAYS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list; what is no day narrows nothing."""
        if self.value() in self.DAYS:
            first = self.today - dt.timedelta(days=int(self.value() or 1) - 1)
            queryset = queryset.filter(received_at__gte=self._edge(first))
        since, until = (self._day(name) for name in self.RANGE)
        if since is not None:
            queryset = queryset.filter(received_at__gte=self._edge(since))
        if until is not None:
            queryset = queryset.filter(received_at__lt=self._edge(until + dt.timedelta(days=1)))
        return queryset

    def _day(self, name: str) -> dt.date | None:
        try:
            day = parse_date(self.dates.get(name, ""))
        except ValueError:
            return None
        return day if day and dt.date(1971, 1, 1) <= day <= dt.date(9000, 1, 1) else None

    def _edge(self, day: dt.date) -> dt.datetime:
        return wall_clock.edge(day, dt.time(), self.zone)
