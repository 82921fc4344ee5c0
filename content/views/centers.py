"""The list of centers with a map, and the page of a center."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.views.generic import DetailView, ListView

from content import hours, notices
from content.choices import PageKind
from content.found import structured_data
from content.found.page import Page
from content.models import Center
from content.site import facts
from content.views.base import MovedMixin, PageMixin


class CenterListView(PageMixin, ListView[Center]):
    """All centers, grouped by country."""

    template_name = "content/center_list.html"
    context_object_name = "centers"

    def get_queryset(self) -> QuerySet[Center]:
        """Return every center with its country, in one query."""
        return Center.objects.select_related("country")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add (country, centers) pairs."""
        groups = [
            (country, list(centers)) for country, centers in groupby(self.object_list, lambda center: center.country)
        ]
        return super().get_context_data(countries=groups, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """The list's description says how many there are."""
        centers, countries = len(context["centers"]), len(context["countries"])
        return Page(
            "Centers",
            f"{centers} centers in {countries} countries, with address, phone and opening hours in local time.",
            "/centers/",
            crumbs=[("Home", "/")],
        )


class CenterView(MovedMixin, PageMixin, DetailView[Center]):
    """A center: address, phone, hours with the zone named, and notices for its place."""

    kind = PageKind.CENTER
    template_name = "content/center.html"
    context_object_name = "center"

    def get_queryset(self) -> QuerySet[Center]:
        """Return centers with country, hours and how soon visitors were answered."""
        return Center.objects.listed().select_related("answer_times")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add opening hours as lines, the notices that the place asks for, and other centers of the country."""
        center, now = self.object, timezone.now()
        counted, promised = getattr(center, "answer_times", None), facts(self.request).clinic.response_hours
        periods = [(period.weekday, period.opens, period.closes) for period in center.opening_periods.all()]
        return super().get_context_data(
            hours=hours.format_periods(periods),
            notices=notices.for_center(center, now),
            answered=counted.in_words(promised=promised, today=now.date()) if counted else "",
            neighbors=list(Center.objects.filter(country=center.country_id).exclude(pk=center.pk)[:6]),
            **kwargs,
        )

    def get_page(self, context: dict[str, Any]) -> Page:
        """A medical clinic."""
        center = self.object
        page = Page(
            center.name,
            f"{center.name}: {center.address}, {center.city}, {center.country.name}. Phone, opening hours and free consultations.",
            center.get_absolute_url(),
            crumbs=[("Home", "/"), ("Centers", "/centers/")],
        )
        page.graph = [structured_data.medical_clinic(page, center)]
        return page
