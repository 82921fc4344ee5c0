"""The article list and the article."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.generic import DetailView, ListView

from content import richtext
from content.comparison.reading import tables_of
from content.found import structured_data
from content.models import Article, ArticleReference, RelatedArticle, Section, Topic
from content.site import kept
from content.views.base import Page, PageMixin


class ArticleListView(PageMixin, ListView[Article]):
    """Published articles, all or of one topic (`?topic=`)."""

    template_name = "content/article_list.html"
    context_object_name = "articles"

    def get_queryset(self) -> QuerySet[Article]:
        """Return the published articles; an unknown topic is a 404 that names it."""
        self.topics = list(Topic.objects.all())
        self.topic: Topic | None = None
        articles = Article.objects.published(timezone.now()).for_cards()
        slug = self.request.GET.get("topic", "")
        if not slug:
            return articles
        self.topic = next((topic for topic in self.topics if topic.slug == slug), None)
        if self.topic is None:
            raise Http404("There is no such topic. All topics are listed on the articles page.")
        return articles.filter(topic=self.topic)

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


class ArticleView(PageMixin, DetailView[Article]):
    """A published article with its sections, tables, references and related guides."""

    template_name = "content/article.html"
    context_object_name = "article"

    def get_queryset(self) -> QuerySet[Article]:
        """Return published articles with all that the page shows: a fixed number of queries."""
        now = timezone.now()
        related = RelatedArticle.objects.filter(related__published_at__lte=now).select_related(
            "related__topic", "related__medical_reviewer"
        )
        return (
            Article.objects.published(now)
            .select_related("topic", "author", "medical_reviewer")
            .prefetch_related(
                Prefetch("sections", queryset=Section.objects.select_related("comparison")),
                Prefetch("citations", queryset=ArticleReference.objects.select_related("reference")),
                Prefetch("related_links", queryset=related),
            )
        )

    def get_object(self, queryset: QuerySet[Article] | None = None) -> Article:
        """Return the article, read once in an edition."""
        return kept(
            self.request, ("article", self.kwargs["slug"]), lambda: super(ArticleView, self).get_object(queryset)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sections with their tables, the references and the related guides."""
        article = self.object
        parts = kept(self.request, ("article parts", article.pk), lambda: parts_of(article))
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


def parts_of(article: Article) -> dict[str, Any]:
    """Return what the article's page is drawn from."""
    numbers = {citation.reference_id: citation.number for citation in article.citations.all()}
    sections = list(article.sections.all())
    tables = tables_of([section.comparison for section in sections if section.comparison], numbers)
    cited = set(numbers.values())
    # In reading order: the first place that cites a source is where the reference list leads back to.
    seen: set[int] = set()
    return {
        "lead": richtext.link_citations(article.lead, cited, seen),
        "sections": [
            (section, richtext.link_citations(section.body, cited, seen), tables.get(section.comparison_id))
            for section in sections
        ],
        # One drawing a page: the first section's that has one, else the article's own.
        "figure_anchor": next((section.anchor for section in sections if section.figure), ""),
        "has_drawing": bool(article.illustration) or any(section.figure for section in sections),
        "citations": list(article.citations.all()),
        "table_references": {
            number: source for table in tables.values() for number, source in table.references.items()
        },
        "related": [link.related for link in article.related_links.all()],
        "review_overdue": article.is_review_overdue(timezone.now().date()),
    }
