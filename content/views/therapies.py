"""The list of therapies and the therapy."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.views.generic import DetailView, ListView

from content import notices
from content.choices import PageKind
from content.comparison.reading import table_of
from content.comparison.tables import canonical
from content.found import structured_data
from content.found.page import Page
from content.models import Revision, Therapy
from content.site import facts
from content.views.base import MovedMixin, PageMixin


class TherapyListView(PageMixin, ListView[Therapy]):
    """All therapies, each with its regulatory status."""

    template_name = "content/therapy_list.html"
    context_object_name = "therapies"

    def get_queryset(self) -> QuerySet[Therapy]:
        """Return those that readers may see."""
        return Therapy.objects.shown()

    def get_page(self, context: dict[str, Any]) -> Page:
        """The list's description."""
        return Page(
            "Therapies",
            "What each therapy is, where its material comes from, and what regulators say about it.",
            "/therapies/",
            crumbs=[("Home", "/")],
        )


class TherapyView(MovedMixin, PageMixin, DetailView[Therapy]):
    """A therapy: description, regulatory status, findings, notices, questions and guides."""

    kind = PageKind.THERAPY
    template_name = "content/therapy.html"
    context_object_name = "therapy"

    def get_queryset(self) -> QuerySet[Therapy]:
        """Return those that readers may see; the page of another does not exist."""
        return Therapy.objects.shown().select_related("regulatory_reference").prefetch_related("questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the findings as a one-column table, notices of today and links to comparisons."""
        therapy = self.object
        now = timezone.now()
        others = list(Therapy.objects.shown().exclude(pk=therapy.pk))
        sections = {"sections__comparison__therapies": therapy}
        return super().get_context_data(
            table=table_of([therapy], f"What is known of {therapy.name}"),
            notices=notices.shown_anywhere(facts(self.request).places, now, notices.all_near(now), [therapy]),
            comparisons=[(other, canonical([therapy.slug, other.slug])) for other in others],
            articles=list(Revision.objects.public(now).for_cards().filter(**sections).distinct()[:4]),
            **kwargs,
        )

    def get_page(self, context: dict[str, Any]) -> Page:
        """A medical web page about the therapy."""
        therapy = self.object
        page = Page(
            therapy.name,
            therapy.summary,
            therapy.get_absolute_url(),
            crumbs=[("Home", "/"), ("Therapies", "/therapies/")],
        )
        page.graph = [structured_data.medical_web_page(page) | {"about": structured_data.medical_therapy(therapy)}]
        return page
