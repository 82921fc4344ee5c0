"""Admin of articles with sections, citations, related guides; of topics and contributors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from content.admin.editor import RichTextFields, RichTextPages
from content.admin.fields import NamedInputs
from content.admin.formsets import NumberedFormSet, OrderedFormSet
from content.admin.marks import mark
from content.models import Article, ArticleReference, Contributor, Reference, RelatedArticle, Section, Topic


class PublicationFilter(admin.SimpleListFilter):
    """Drafts, articles that go live later, and those readers see."""

    title = "publication"
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("published", "Published"), ("scheduled", "Scheduled"), ("draft", "Draft")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list."""
        now = timezone.now()
        narrowed = {
            "published": queryset.filter(published_at__lte=now),
            "scheduled": queryset.filter(published_at__gt=now),
            "draft": queryset.filter(published_at=None),
        }
        return narrowed.get(self.value() or "", queryset)


class ReviewFilter(admin.SimpleListFilter):
    """Articles whose review is overdue."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("overdue", "Overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list."""
        return queryset.filter(next_review_on__lt=_today()) if self.value() == "overdue" else queryset


class SectionInline(RichTextFields, admin.StackedInline[Section, Article]):
    """The parts of an article, each folded away until it is needed."""

    model = Section
    formset = OrderedFormSet
    template = "admin/content/section/stacked.html"
    extra = 0
    ordering = ("position", "id")
    prepopulated_fields = {"anchor": ["heading"]}
    fieldsets = [
        (None, {"fields": [("heading", "anchor", "position"), "body", "comparison", ("figure", "figure_caption")]})
    ]


class CitationInline(NamedInputs, admin.TabularInline[ArticleReference, Article]):
    """The numbered sources."""

    model = ArticleReference
    formset = NumberedFormSet
    extra = 0
    fields = ["number", "reference"]
    autocomplete_fields = ["reference"]
    verbose_name_plural = "references: [2] in the text means the source with number 2"


class RelatedInline(NamedInputs, admin.TabularInline[RelatedArticle, Article]):
    """Guides to read next."""

    model = RelatedArticle
    fk_name = "article"
    formset = OrderedFormSet
    extra = 0
    fields = ["related", "position"]
    autocomplete_fields = ["related"]


@admin.register(Article)
class ArticleAdmin(RichTextPages, admin.ModelAdmin[Article]):
    """Where an editor writes."""

    list_display = ["title", "topic", "publication", "medical_reviewer", "next_review_on", "review"]
    list_select_related = ["topic", "medical_reviewer"]
    list_filter = [PublicationFilter, ReviewFilter, "topic"]
    search_fields = ["title", "slug", "summary"]
    search_help_text = "Words of the title, the address or the summary"
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SectionInline, CitationInline, RelatedInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "topic", "summary"]}),
        ("Beginning", {"fields": ["lead", "key_points", "illustration"]}),
        (
            "People and dates",
            {"fields": [("author", "medical_reviewer"), ("reviewed_on", "next_review_on"), "published_at"]},
        ),
    ]

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """Lead to the page once readers can see it; a draft has none."""
        return obj.get_absolute_url() if obj is not None and obj.is_published(timezone.now()) else None

    @admin.display(description="published", ordering="published_at")
    def publication(self, article: Article) -> SafeString:
        """Say whether readers see it."""
        if article.published_at is None:
            return mark("Draft", "off")
        if article.is_published(timezone.now()):
            return mark("Published", "done")
        return mark(
            f"From {article.published_at:%a} {article.published_at.day} {article.published_at:%b %Y, %H:%M} UTC", "calm"
        )

    @admin.display(description="overdue", ordering="next_review_on")
    def review(self, article: Article) -> str | SafeString:
        """Say whether its review is late."""
        return mark("Overdue", "warn") if article.is_review_overdue(_today()) else "no"


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    """Shelves."""

    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Contributor)
class ContributorAdmin(admin.ModelAdmin[Contributor]):
    """Authors and medical reviewers."""

    list_display = ["name", "credentials", "role"]
    search_fields = ["name", "credentials", "role"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Reference)
class ReferenceAdmin(admin.ModelAdmin[Reference]):
    """Sources; the search is also the one of every field that asks for a source."""

    list_display = ["title", "publisher", "year", "key"]
    list_filter = ["year"]
    search_fields = ["key", "title", "authors", "publisher", "doi"]
    search_help_text = "Words of the title, the people, the publisher, the key or the DOI"
    prepopulated_fields = {"key": ["title", "year"]}


def _today() -> dt.date:
    return timezone.now().date()
