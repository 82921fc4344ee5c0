"""Revisions: each is one exact state of an article's words; what readers see is an approved one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from content import text
from content.choices import Illustration, RevisionState
from content.fields import RichTextField
from content.models.article import Article, Contributor
from content.models.reference import Reference

if TYPE_CHECKING:
    from content.models.article import Topic

OPEN = [RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.SENT_BACK]
EDITABLE = [RevisionState.DRAFT, RevisionState.SENT_BACK]
# What an approval writes; a revision has all of it or nothing.
APPROVAL = "approved_by approved_at medical_reviewer go_live_at published_at reviewed_on next_review_on".split()


def unapproved() -> Q:
    """Return the condition that nothing of an approval is written."""
    return Q(**{f"{name}__isnull": True for name in APPROVAL})


def approved() -> Q:
    """Return the condition that all of an approval is written."""
    return Q(**{f"{name}__isnull": False for name in APPROVAL})


def titled(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Add the title of each one's newest revision, so that people read what it is called and not its address."""
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    return articles.annotate(title=Subquery(newest.values("title")[:1]))


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions as readers and editors ask for them; time is always a parameter."""

    def public(self, now: dt.datetime) -> Self:
        """What readers see at `now`: at most one of each article. Only what was approved has a moment to go live."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=now), go_live_at__lte=now)

    def scheduled(self, now: dt.datetime) -> Self:
        """What was approved and readers will see later than `now`."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("go_live_at")), go_live_at__gt=now)

    def open(self) -> Self:
        """What is being worked on: at most one of each article."""
        return self.filter(state__in=OPEN)

    def overdue(self, today: dt.date) -> Self:
        """Revisions whose next review was due before `today`."""
        return self.filter(next_review_on__lt=today)

    def for_cards(self) -> Self:
        """With what a card shows, in one query."""
        return self.select_related("article__topic", "medical_reviewer")

    def guides_of(self, revision: Revision, now: dt.datetime) -> Self:
        """The public revisions of the guides that `revision` leads to, in its order."""
        place = F("article__linked_from__position")
        mine = self.public(now).filter(article__linked_from__revision=revision).exclude(article=revision.article_id)
        return mine.order_by(place, "article__linked_from__id").select_related("article__topic")


class Revision(models.Model):
    """One exact state of an article's words. Once approved it does not change: whatever is changed is a new revision.

    Only the verbs of content/publishing write `state`, `version`, and what an approval writes. `version` rises with every
    verb, so that nobody submits or approves words other than those they saw.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="Counts the revisions of an article from 1.")
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=RevisionState, default=RevisionState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=160, help_text="One or two plain sentences; also the page's description.")
    lead = RichTextField(help_text="One or two paragraphs before the first heading.")
    key_points = models.TextField(blank=True, help_text="Three to five short sentences, one a line.")
    illustration = models.CharField(max_length=30, choices=Illustration, blank=True)
    author = models.ForeignKey(Contributor, models.PROTECT, related_name="written_revisions")
    related = models.ManyToManyField(Article, through="RelatedArticle", related_name="related_from")
    references = models.ManyToManyField(Reference, through="ArticleReference", related_name="revisions")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who changed it last."
    )
    edited_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    medical_reviewer = models.ForeignKey(
        Contributor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_revisions",
        help_text="Who approved it, as readers see them.",
    )
    go_live_at = models.DateTimeField(null=True, blank=True, help_text="In UTC. From then on readers see it.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="In UTC. From then on they do not.")
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="In UTC. When readers could first see the article, in whatever revision."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "title"]
        permissions = [("approve_revision", "Can approve revisions and send them back")]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="content_revision_number_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=OPEN),
                name="content_revision_one_open",
                violation_error_message="This article has a draft already.",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state=RevisionState.APPROVED, withdrawn_at__isnull=True),
                name="content_revision_one_without_end",
                violation_error_message="Another revision of this article is public without an end.",
            ),
            models.CheckConstraint(condition=Q(state__in=RevisionState), name="content_revision_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN) | (unapproved() & Q(withdrawn_at__isnull=True)),
                name="content_revision_open_is_unapproved",
            ),
            models.CheckConstraint(
                condition=~Q(state=RevisionState.APPROVED) | approved(), name="content_revision_approved_has_approver"
            ),
            models.CheckConstraint(
                condition=~Q(state=RevisionState.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & (approved() | unapproved())),
                name="content_revision_withdrawn_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("edited_by")),
                name="content_revision_approver_is_not_editor",
                violation_error_message="Nobody approves their own words.",
            ),
            models.CheckConstraint(
                condition=~Q(author=F("medical_reviewer")),
                name="content_revision_reviewer_is_not_author",
                violation_error_message="The medical reviewer must be someone other than the author.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__gte=F("go_live_at")), name="content_revision_ends_after_it_goes_live"
            ),
            models.CheckConstraint(
                condition=Q(published_at__lte=F("go_live_at")), name="content_revision_published_with_the_first"
            ),
            models.CheckConstraint(
                condition=Q(next_review_on__gt=F("reviewed_on")),
                name="content_revision_next_review_after_review",
                violation_error_message="The next review must be later than the last one.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of its article's page."""
        return self.article.get_absolute_url()

    @property
    def topic(self) -> Topic:
        """Its article's topic."""
        return self.article.topic

    @property
    def is_open(self) -> bool:
        """Whether it is being worked on; agrees with `RevisionQuerySet.open`."""
        return self.state in OPEN

    def is_public(self, now: dt.datetime) -> bool:
        """Whether readers see it at `now`; agrees with `RevisionQuerySet.public`."""
        ended = self.withdrawn_at is not None and self.withdrawn_at <= now
        return self.go_live_at is not None and self.go_live_at <= now and not ended

    def is_review_overdue(self, today: dt.date) -> bool:
        """Whether its next review was due before `today`; agrees with `RevisionQuerySet.overdue`."""
        return self.next_review_on is not None and self.next_review_on < today

    @property
    def key_point_list(self) -> list[str]:
        """The key points, one sentence each."""
        return text.lines(self.key_points)
