"""The article list and the article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Case, Prefetch, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.views.generic import DetailView, ListView

from content import page_links, richtext
from content.choices import CardKind, PageKind
from content.comparison import standard_care
from content.comparison.reading import tables_of
from content.found import cards, structured_data
from content.found.page import Page
from content.models import ArticleReference, Revision, Section, Topic
from content.page_links import Page as Target
from content.publishing import reviews, sharing
from content.publishing.checks import URGENT
from content.site import facts, kept
from content.views.base import MovedMixin, PageMixin


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


class ArticleView(MovedMixin, PageMixin, DetailView[Revision]):
    """The public revision of an article with its sections, tables, references and related guides."""

    kind: PageKind | None = PageKind.ARTICLE
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
        revision, slugs = self.object, facts(self.request).slugs
        parts = kept(self.request, ("article parts", revision.pk), lambda: parts_of(revision, timezone.now(), slugs))
        due = revision.next_review_on
        # By the day, as the rest of the page: kept pages end at midnight UTC.
        lapsed = due is not None and reviews.has_lapsed(due, timezone.now().date(), facts(self.request).clinic)
        return super().get_context_data(uninvited=lapsed, **parts, **kwargs)

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
        words = cards.words_of(article, facts(self.request).clinic.name)
        page.image = cards.address(article, words) if words else ""
        return page


class PreviewView(ArticleView):
    """A revision as readers would see it, for staff; links to it are of no use to anybody else."""

    kind = None
    template_name = "content/preview.html"

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision, for those who may enter the desk and read drafts there."""
        if not (admin.site.has_permission(self.request) and self.request.user.has_perm("content.view_revision")):
            raise Http404("There is no such page.")
        revisions = with_parts(Revision.objects.filter(article__slug=self.kwargs["slug"]))
        return get_object_or_404(revisions, number=self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draw it anew each time, as drafts change."""
        parts = parts_of(self.object, timezone.now(), facts(self.request).slugs)
        return super(ArticleView, self).get_context_data(**parts, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """No page for search engines, nor for cards: that of a draft would be the public revision's."""
        page = super().get_page(context)
        page.index, page.image = False, ""
        return page

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let nothing keep it."""
        response = super().render_to_response(context, **kwargs)
        add_never_cache_headers(response)
        return response


class SharedPreviewView(PreviewView):
    """A revision as readers would see it, for whoever has a preview link; nothing can be asked for or sent from it."""

    template_name = "content/shared_preview.html"

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision of a link that is open; a forged, revoked or old one leads nowhere."""
        link = sharing.opened_by(self.kwargs["token"], timezone.now())
        if link is None:
            raise Http404("There is no such page.")
        return get_object_or_404(with_parts(Revision.objects.all()), pk=link.revision_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether readers see these very words, and leave out what asks them to talk to the clinic."""
        public = self.object.is_public(timezone.now())
        return super().get_context_data(is_public=public, uninvited=True, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """Tell machines nothing of who wrote and reviewed it."""
        page = super().get_page(context)
        page.graph, page.crumbs = [], []
        return page

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Keep it out of search engines, and its address out of what browsers tell other pages."""
        response = super().render_to_response(context, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def with_parts(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """Return revisions with what hangs on them and what a page says of them."""
    card = Case(When(card=CardKind.STANDARD_CARE, then=standard_care.in_one_column()))
    sections = Section.objects.select_related("comparison", "image").annotate(standard_care=card)
    return revisions.select_related("article__topic", "author", "medical_reviewer").prefetch_related(
        Prefetch("sections", queryset=sections),
        Prefetch("citations", queryset=ArticleReference.objects.select_related("reference")),
    )


def parts_of(revision: Revision, now: dt.datetime, slugs: Mapping[Target, str]) -> dict[str, Any]:
    """Return what the page of a revision is drawn from.

    Args:
        revision: public, or a draft to be previewed.
        now: related guides are those that are public then.
        slugs: of the pages that its texts may link to.
    """
    numbers = {citation.reference_id: citation.number for citation in revision.citations.all()}
    sections = list(revision.sections.all())
    tables = tables_of([section.comparison for section in sections if section.comparison], numbers)
    cited = set(numbers.values())
    cards = (getattr(section, "standard_care", None) for section in sections)
    # Nobody is invited to a consultation above a card that says to get help now.
    last_urgent = max((number for number, section in enumerate(sections) if section.card in URGENT), default=-1)
    # In reading order: the first place that cites a source is where the reference list leads back to.
    seen: set[int] = set()

    def linked(html: str) -> SafeString:
        return richtext.link_citations(page_links.draw(html, slugs.get), cited, seen)

    return {
        "lead": linked(revision.lead),
        "sections": [
            (section, linked(section.body), tables.get(section.comparison_id), number > last_urgent)
            for number, section in enumerate(sections)
        ],
        "standard_care": standard_care.from_column(next(filter(None, cards), None)),
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
