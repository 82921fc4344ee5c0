"""Filters of the request list: who has it, overdue, spam, mail trouble, center, therapy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from consultations.access.colleagues import colleagues_of
from consultations.admin.places import own_centers
from consultations.models import ConsultationRequest
from consultations.models.request import RequestQuerySet
from consultations.requests import inbox
from consultations.requests.moving import name_of
from content.models import Therapy


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
    """Requests for one center."""

    title = "center"
    parameter_name = "center"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the user's centers, and none."""
        own = [(str(pk), name) for pk, name in own_centers(request.user).values_list("pk", "name")]
        return [*own, (inbox.NO_CENTER, "No center")]

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
