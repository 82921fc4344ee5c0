"""Admin of notices and questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from content.admin.editor import RichTextPages
from content.admin.proposing import ProposedWords
from content.models import Notice, Question


class ShownFilter(admin.SimpleListFilter):
    """Whether a notice is shown today."""

    title = "shown today"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Narrow the list."""
        current = Notice.objects.current(timezone.now().date())
        narrowed = {"yes": queryset.filter(pk__in=current), "no": queryset.exclude(pk__in=current)}
        return narrowed.get(self.value() or "", queryset)


@admin.register(Notice)
class NoticeAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[Notice]):
    """Texts that a law or the clinic wants shown."""

    list_display = ["title", "regions", "starts_on", "ends_on"]
    list_filter = [ShownFilter, "therapies"]
    search_fields = ["title", "slug", "regions", "basis"]
    prepopulated_fields = {"slug": ["title"]}
    # Boxes: there are few therapies, and each box has a name that a screen reader says.
    formfield_overrides = RichTextPages.formfield_overrides | {
        ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }


@admin.register(Question)
class QuestionAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[Question]):
    """Questions that readers ask."""

    list_display = ["question", "group", "therapy", "position"]
    list_select_related = ["therapy"]
    list_filter = ["group", "therapy"]
    search_fields = ["question", "slug"]
    prepopulated_fields = {"slug": ["question"]}
