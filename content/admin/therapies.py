"""Admin of therapies, criteria, findings and named comparisons."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from content.admin import grid
from content.admin.actor import actor
from content.admin.editor import RichTextPages
from content.admin.fields import NamedInputs, PlainInputs
from content.admin.formsets import NamedFormSet, OrderedFormSet
from content.admin.hidden import WarnsOfHiddenTherapies
from content.admin.proposing import ProposedInline, ProposedWords
from content.comparison.tables import LEAST, MOST
from content.models import Comparison, ComparisonCriterion, ComparisonTherapy, Criterion, Finding, Therapy
from content.publishing import freshness
from content.publishing.exceptions import PublishingError
from content.publishing.rights import APPROVE


class FindingInline(ProposedInline, NamedInputs, admin.TabularInline[Finding, Therapy]):
    """What is known of one therapy."""

    model = Finding
    formset = NamedFormSet
    extra = 0
    fields = ["criterion", "value", "note", "tone", "grade", "reference", "reviewed_on"]
    readonly_fields = ["reviewed_on"]
    autocomplete_fields = ["reference"]
    classes = ["collapse"]


@admin.register(Therapy)
class TherapyAdmin(ProposedWords, WarnsOfHiddenTherapies, RichTextPages, admin.ModelAdmin[Therapy]):
    """A treatment approach with its findings."""

    list_display = ["name", "short_name", "source_kind", "regulatory_status", "standard_care", "position"]
    list_filter = ["regulatory_status", "source_kind"]
    search_fields = ["name", "short_name", "summary"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["regulatory_reference"]
    inlines = [FindingInline]
    fieldsets = [
        (None, {"fields": [("name", "short_name"), "slug", "summary", "description", "illustration"]}),
        (
            "What it is in law",
            {"fields": ["source_kind", "regulatory_status", "regulatory_note", "regulatory_reference"]},
        ),
        ("In lists and comparisons", {"fields": ["position", "standard_care"]}),
    ]

    def view_on_site(self, obj: Therapy) -> str:
        """Lead to its page."""
        return obj.get_absolute_url()


@admin.register(Criterion)
class CriterionAdmin(ProposedWords, WarnsOfHiddenTherapies, admin.ModelAdmin[Criterion]):
    """Rows of the comparison."""

    list_display = ["name", "group", "help", "required", "position"]
    list_filter = ["group", "required"]
    search_fields = ["name", "group", "help"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Finding)
class FindingAdmin(ProposedWords, WarnsOfHiddenTherapies, PlainInputs, admin.ModelAdmin[Finding]):
    """Single cells with all their details, and the grid that shows them side by side."""

    list_display = ["value", "therapy", "criterion", "tone", "grade", "reviewed_on"]
    list_select_related = ["therapy", "criterion"]
    sortable_by = ["therapy", "criterion", "grade", "reviewed_on"]
    list_filter = ["therapy", "tone", "grade", ("reviewed_on", admin.EmptyFieldListFilter)]
    search_fields = ["value", "note", "therapy__name", "criterion__name"]
    autocomplete_fields = ["reference"]
    readonly_fields = ["reviewed_on"]
    actions = ["confirm"]
    fields = [("therapy", "criterion"), "value", "note", ("tone", "grade"), "reference", "reviewed_on"]

    def get_urls(self) -> list[Any]:
        """Add the grid."""
        own: list[URLPattern] = [path("grid/", self.admin_site.admin_view(self.grid), name="content_finding_grid")]
        return [*own, *super().get_urls()]

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether they may say that a finding still holds."""
        return bool(request.user.has_perm(APPROVE))

    @admin.action(description="I checked these against their sources today", permissions=["approve"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
        """Give the chosen findings today's date; nobody does so for their own words."""
        done = 0
        for finding in queryset:
            try:
                freshness.confirm(finding, by=actor(request), now=timezone.now())
                done += 1
            except PublishingError as error:
                messages.error(request, str(error))
        messages.success(request, f"{done} {'finding carries' if done == 1 else 'findings carry'} today’s date.")

    def grid(self, request: HttpRequest) -> HttpResponse:
        """Therapies by criteria on one screen."""
        return grid.page(self, request)


class ColumnInline(NamedInputs, admin.TabularInline[ComparisonTherapy, Comparison]):
    """Therapies of a named table: as many as can be read side by side."""

    model = ComparisonTherapy
    formset = OrderedFormSet
    extra = 0
    min_num, max_num = LEAST, MOST
    fields = ["therapy", "position"]

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Refuse fewer and more."""
        return super().get_formset(request, obj, validate_min=True, validate_max=True, **kwargs)


class RowInline(NamedInputs, admin.TabularInline[ComparisonCriterion, Comparison]):
    """Criteria of a named table."""

    model = ComparisonCriterion
    formset = OrderedFormSet
    extra = 0
    fields = ["criterion", "position"]


@admin.register(Comparison)
class ComparisonAdmin(ProposedWords, admin.ModelAdmin[Comparison]):
    """Named tables that articles embed."""

    list_display = ["title", "slug", "caption"]
    search_fields = ["title", "slug", "caption"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [ColumnInline, RowInline]
