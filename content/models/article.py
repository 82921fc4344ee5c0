"""Articles with sections, citations and related guides; topics and contributors."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from content import anchors
from content.choices import Illustration
from content.fields import RichTextField
from content.models.reference import Reference
from content.models.therapy import Comparison


class Topic(models.Model):
    """A shelf that articles stand on."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Contributor(models.Model):
    """A person who writes or medically reviews articles, as readers see them."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    credentials = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=80)
    bio = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as readers and editors ask for them; time is always a parameter."""

    def published(self, now: dt.datetime) -> Self:
        """Articles readers can see at `now`."""
        return self.filter(published_at__lte=now)

    def overdue(self, today: dt.date) -> Self:
        """Articles whose next review was due before `today`."""
        return self.filter(next_review_on__lt=today)

    def for_cards(self) -> Self:
        """With what a card shows, in one query."""
        return self.select_related("topic", "medical_reviewer")


class Article(models.Model):
    """A page for readers, published from a moment on and reviewed by a second person."""

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=160, help_text="One or two plain sentences; also the page's description.")
    lead = RichTextField(help_text="One or two paragraphs before the first heading.")
    key_points = models.TextField(blank=True, help_text="Three to five short sentences, one a line.")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles")
    author = models.ForeignKey(Contributor, models.PROTECT, related_name="written_articles")
    medical_reviewer = models.ForeignKey(Contributor, models.PROTECT, related_name="reviewed_articles")
    illustration = models.CharField(max_length=30, choices=Illustration, blank=True)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="In UTC. Empty: a draft that only staff can see."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    related = models.ManyToManyField("self", through="RelatedArticle", symmetrical=False, related_name="related_from")
    references = models.ManyToManyField(Reference, through="ArticleReference", related_name="articles")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(author=F("medical_reviewer")),
                name="content_article_reviewer_is_not_author",
                violation_error_message="The medical reviewer must be someone other than the author.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(reviewed_on__isnull=False, next_review_on__isnull=False),
                name="content_article_published_only_reviewed",
                violation_error_message="An article needs its review date and next review date before it is published.",
            ),
            models.CheckConstraint(
                condition=Q(next_review_on__gt=F("reviewed_on")),
                name="content_article_next_review_after_review",
                violation_error_message="The next review must be later than the last one.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("content:article", args=[self.slug])

    def is_published(self, now: dt.datetime) -> bool:
        """Whether readers can see it at `now`; agrees with `ArticleQuerySet.published`."""
        return self.published_at is not None and self.published_at <= now

    def is_review_overdue(self, today: dt.date) -> bool:
        """Whether its next review was due before `today`; agrees with `ArticleQuerySet.overdue`."""
        return self.next_review_on is not None and self.next_review_on < today

    @property
    def key_point_list(self) -> list[str]:
        """The key points, one sentence each."""
        return [line.strip() for line in self.key_points.splitlines() if line.strip()]


class Section(models.Model):
    """A part of an article, with an anchor that survives rewording the heading."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField(max_length=120)
    anchor = models.SlugField(
        max_length=60,
        validators=[anchors.validate],
        help_text="Part of links to this section; leave it when you reword the heading.",
    )
    body = RichTextField(blank=True)
    comparison = models.ForeignKey(
        Comparison,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        help_text="A table drawn after the text, from the findings.",
    )
    figure = models.CharField(max_length=30, choices=Illustration, blank=True)
    figure_caption = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "anchor"],
                name="content_section_anchor_unique_in_article",
                violation_error_message="Another section of this article has the same anchor.",
            ),
            models.CheckConstraint(
                condition=~Q(anchor__iregex=anchors.RESERVED_PATTERN),
                name="content_section_anchor_not_reserved",
                violation_error_message=anchors.TAKEN,
            ),
            models.CheckConstraint(
                condition=Q(figure="") | ~Q(figure_caption=""),
                name="content_section_figure_has_caption",
                violation_error_message="Describe the figure in a caption.",
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class ArticleReference(models.Model):
    """A numbered citation: `[2]` in the article's text means the row with number 2."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="citations")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        verbose_name = "reference"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"],
                name="content_articlereference_number_unique",
                violation_error_message="Another reference of this article has the same number.",
            ),
            models.UniqueConstraint(
                fields=["article", "reference"],
                name="content_articlereference_listed_once",
                violation_error_message="This source is already listed.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="content_articlereference_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.reference}"


class RelatedArticle(models.Model):
    """A guide to read next."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="related_links")
    related = models.ForeignKey(Article, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "related guide"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "related"],
                name="content_relatedarticle_once",
                violation_error_message="This guide is already listed.",
            ),
            models.CheckConstraint(
                condition=~Q(article=F("related")),
                name="content_relatedarticle_not_itself",
                violation_error_message="An article cannot be its own related guide.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.related)
