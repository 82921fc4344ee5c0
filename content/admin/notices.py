"""Admin of notices and questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content import notices
from content.admin.editor import RichTextPages
from content.admin.marks import mark
from content.admin.proposing import ProposedWords
from content.models import Notice, Question


class ShownFilter(admin.SimpleListFilter):
    """Whether a notice is shown somewhere today."""

    title = "shown somewhere today"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Narrow the list."""
        current = Notice.objects.current_somewhere(timezone.now())
        narrowed = {"yes": queryset.filter(pk__in=current), "no": queryset.exclude(pk__in=current)}
        return narrowed.get(self.value() or "", queryset)


@admin.register(Notice)
class NoticeAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[Notice]):
    """Texts that a law or the clinic wants shown; above the list stands where a wording is missing."""

    list_display = ["title", "places", "starts_on", "ends_on", "counsel"]
    list_filter = [ShownFilter, "counsel_confirmed", "is_default", "therapies"]
    search_fields = ["title", "slug", "regions", "basis"]
    prepopulated_fields = {"slug": ["title"]}
    # Boxes: there are few therapies, and each box has a name that a screen reader says.
    formfield_overrides = RichTextPages.formfield_overrides | {
        ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Warn above the list where a place has no wording, or one that nobody has confirmed."""
        if request.method == "GET" and (found := notices.warnings(timezone.now())):
            messages.warning(request, _folded(found))
        return super().changelist_view(request, extra_context)

    @admin.display(description="places", ordering="regions")
    def places(self, notice: Notice) -> str:
        """Say where it is shown."""
        where = notice.regions or "everywhere"
        return f"{where}, as the default" if notice.is_default else where

    @admin.display(description="wording")
    def counsel(self, notice: Notice) -> SafeString:
        """Say whether a lawyer has confirmed a wording that is for a place."""
        if notice.counsel_confirmed:
            return mark("Confirmed", "done")
        bound = notice.region_list or notice.is_default
        return mark("Have counsel confirm", "warn") if bound else mark("For every place", "calm")


def _folded(sentences: list[str]) -> SafeString:
    """Return sentences below a line that opens, as there may be one for each place."""
    # Paragraphs: an item of a list within a message is drawn as a message of its own.
    rows = format_html_join("", "<p>{}</p>", ((sentence,) for sentence in sentences))
    return format_html("<details><summary>Notices: {} to look at</summary>{}</details>", len(sentences), rows)


@admin.register(Question)
class QuestionAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[Question]):
    """Questions that readers ask."""

    list_display = ["question", "group", "therapy", "position"]
    list_select_related = ["therapy"]
    list_filter = ["group", "therapy"]
    search_fields = ["question", "slug"]
    prepopulated_fields = {"slug": ["question"]}
