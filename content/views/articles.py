"""The article list and the article."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.generic import DetailView, ListView

from content.choices import PageKind
from content.found import cards, structured_data
from content.found.page import Page
from content.models import Revision, Topic
from content.publishing import reviews
from content.site import facts, kept
from content.views.article_parts import parts_of
from content.views.base import DrawnOnceMixin, MovedMixin, PageMixin, is_campaigned


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


class ArticlePage(PageMixin, DetailView[Revision]):
    """A revision of an article with its sections, tables, references and related guides."""

    template_name = "content/article.html"
    context_object_name = "article"
    queryset = Revision.objects.select_related("article__topic", "author", "medical_reviewer")

    def part[Value](self, name: Hashable, make: Callable[[], Value], *, by_clock: bool = True) -> Value:
        """Return a part of the page."""
        return make()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the parts of the revision."""
        kwargs.setdefault("campaigned", is_campaigned(self.request))
        parts = parts_of(self.object, timezone.now(), facts(self.request).slug_of, self.part)
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
        words = cards.words_of(article, facts(self.request).clinic.name)
        page.image = cards.address(article, words) if words else ""
        return page


class ArticleView(MovedMixin, DrawnOnceMixin, ArticlePage):
    """The article as readers see it, put together from parts that other edits leave as they are."""

    kind = PageKind.ARTICLE
    slug_field = "article__slug"

    def part[Value](self, name: Hashable, make: Callable[[], Value], *, by_clock: bool = True) -> Value:
        """Return a part as it is kept: what readers see of a revision does not change, only what hangs on it."""
        return kept(self.request, ("article part", self.object.pk, name), make, by_clock=by_clock)

    def get_queryset(self) -> QuerySet[Revision]:
        """Return public revisions."""
        return super().get_queryset().public(timezone.now())  # type: ignore[attr-defined, no-any-return]  # our queryset

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision that readers see now."""
        return kept(
            self.request, ("revision", self.kwargs["slug"]), lambda: super(ArticleView, self).get_object(queryset)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Invite nobody whose page was not reviewed for too long."""
        due = self.object.next_review_on
        # By the day, as the rest of the page: kept pages end at midnight UTC.
        lapsed = due is not None and reviews.has_lapsed(due, timezone.now().date(), facts(self.request).clinic)
        return super().get_context_data(uninvited=lapsed, **kwargs)
