"""The article list and the article."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView, ListView

from content import richtext
from content.comparison.reading import tables_of
from content.found import structured_data
from content.models import ArticleReference, Revision, Section, Topic
from content.site import kept
from content.views.base import Page, PageMixin


class ArticleListView(PageMixin, ListView[Revision]):
    """Public articles, all or of one topic (`?topic=`)."""

    template_name = "content/article_list.html"
    context_object_name = "articles"

    def get_queryset(self) -> QuerySet[Revision]:
        """Return the public articles; an unknown topic is a 404 that names it."""
        self.topics = list(Topic.objects.all())
        self.topic: Topic | None = None
        articles = Revision.objects.public(timezone.now()).for_cards()
        slug = self.request.GET.get("topic", "")
        if not slug:
            return articles
        self.topic = next((topic for topic in self.topics if topic.slug == slug), None)
        if self.topic is None:
            raise Http404("There is no such topic. All topics are listed on the articles page.")
        return articles.filter(article__topic=self.topic)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the topics and the chosen one."""
        return super().get_context_data(topics=self.topics, topic=self.topic, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """A filtered list stays out of search engines: its articles are all on the full one."""
        title = f"Guides: {self.topic.name}" if self.topic else "Guides"
        description = (self.topic.description if self.topic else "") or (
            "Plain, reviewed guides to platelet-rich plasma, exosomes and stem cells, each with its sources."
        )
        return Page(title, description, "/articles/", crumbs=[("Home", "/")], index=self.topic is None)


class ArticleView(PageMixin, DetailView[Revision]):
    """The public revision of an article with its sections, tables, references and related guides."""

    template_name = "content/article.html"
    context_object_name = "article"
    slug_field = "article__slug"

    def get_queryset(self) -> QuerySet[Revision]:
        """Return public revisions with all that the page shows: a fixed number of queries."""
        return with_parts(Revision.objects.public(timezone.now()))

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision, read once in an edition."""
        return kept(
            self.request, ("article", self.kwargs["slug"]), lambda: super(ArticleView, self).get_object(queryset)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sections with their tables, the references and the related guides."""
        revision = self.object
        parts = kept(self.request, ("article parts", revision.pk), lambda: parts_of(revision, timezone.now()))
        return super().get_context_data(**parts, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """A medical web page with author and reviewer."""
        article = self.object
        page = Page(
            article.title,
            article.summary,
            article.get_absolute_url(),
            crumbs=[
                ("Home", "/"),
                ("Guides", "/articles/"),
                (article.topic.name, f"/articles/?topic={article.topic.slug}"),
            ],
            kind="article",
        )
        page.graph = [structured_data.medical_web_page(page, article)]
        return page


class PreviewView(ArticleView):
    """A revision as readers would see it, for staff; links to it are of no use to anybody else."""

    template_name = "content/preview.html"

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision, for those who may enter the desk and read drafts there."""
        if not (admin.site.has_permission(self.request) and self.request.user.has_perm("content.view_revision")):
            raise Http404("There is no such page.")
        revisions = with_parts(Revision.objects.filter(article__slug=self.kwargs["slug"]))
        return get_object_or_404(revisions, number=self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draw it anew each time, as drafts change."""
        return super(ArticleView, self).get_context_data(**parts_of(self.object, timezone.now()), **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """No page for search engines."""
        page = super().get_page(context)
        page.index = False
        return page

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let nothing keep it."""
        response = super().render_to_response(context, **kwargs)
        add_never_cache_headers(response)
        return response


def with_parts(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """Return revisions with what hangs on them and what a page says of them."""
    return revisions.select_related("article__topic", "author", "medical_reviewer").prefetch_related(
        Prefetch("sections", queryset=Section.objects.select_related("comparison", "image")),
        Prefetch("citations", queryset=ArticleReference.objects.select_related("reference")),
    )


def parts_of(revision: Revision, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of a revision is drawn from; related guides are those that are public at `now`."""
    numbers = {citation.reference_id: citation.number for citation in revision.citations.all()}
    sections = list(revision.sections.all())
    tables = tables_of([section.comparison for section in sections if section.comparison], numbers)
    cited = set(numbers.values())
    # In reading order: the first place that cites a source is where the reference list leads back to.
    seen: set[int] = set()
    return {
        "lead": richtext.link_citations(revision.lead, cited, seen),
        "sections": [
            (section, richtext.link_citations(section.body, cited, seen), tables.get(section.comparison_id))
            for section in sections
        ],
        # One drawing a page: the first section's that has one, else the article's own.
        "figure_anchor": next((section.anchor for section in sections if section.figure), ""),
        "has_drawing": bool(revision.illustration) or any(section.figure or section.image_id for section in sections),
        "citations": list(revision.citations.all()),
        "table_references": {
            number: source for table in tables.values() for number, source in table.references.items()
        },
        "related": list(Revision.objects.guides_of(revision, now)),
        "review_overdue": revision.is_review_overdue(now.date()),
    }
