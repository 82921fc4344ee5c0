"""What the editorial desk writes beside a revision: preview links, comments, and mails to those who work on it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content.choices import DeskMailKind
from content.models.article import Article
from content.models.event import RevisionEvent
from content.models.revision import Revision


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Preview links as they are asked for."""

    def live(self, now: dt.datetime) -> Self:
        """Those that open a page at `now`."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class PreviewLink(models.Model):
    """A link under which somebody without an account reads one revision for some days.

    `link_id` is the half of the token that finds the row; the other half is derived and stored nowhere.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="preview_links")
    link_id = models.CharField(max_length=16, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="In UTC.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="content_previewlink_ends_after_made")
        ]

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M} UTC"


class RevisionComment(models.Model):
    """What an editor or a reviewer says about a section of a revision, or about all of it. Its words never change.

    The section is kept by its anchor and its heading at that time, as an editor may remove it.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    anchor = models.SlugField(max_length=60, blank=True, help_text="Empty: about the whole.")
    heading = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="content_revisioncomment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="content_revisioncomment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.heading or "The whole article"


class AccountMailQuerySet[M: models.Model](models.QuerySet[M]):
    """Mails to accounts as the worker asks for them."""

    def waiting(self) -> Self:
        """Those that have neither left nor been given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now: dt.datetime) -> Self:
        """Those to be sent at `now`; one that a worker has taken is due again when its lease ends, `due_at`."""
        return self.waiting().filter(due_at__lte=now)


class AccountMail(models.Model):
    """A mail to an account; the row is the queue, and the address is that of the account when the mail leaves."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="In UTC. Not before.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class DeskMail(AccountMail):
    """What happened at the editorial desk and a link, no text of an article.

    It is written in the transaction of what it tells of. Each event is told to an account once, and of an article each day
    on which its review falls due.
    """

    kind = models.CharField(max_length=10, choices=DeskMailKind)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    event = models.ForeignKey(RevisionEvent, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="The day of the review that is overdue.")

    objects = AccountMailQuerySet["DeskMail"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="content_deskmail_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "account"], name="content_deskmail_once_per_event"),
            models.UniqueConstraint(
                fields=["article", "due_on"],
                condition=Q(due_on__isnull=False),
                name="content_deskmail_once_per_review",
            ),
            models.CheckConstraint(
                condition=Q(kind=DeskMailKind.OVERDUE, event__isnull=True, due_on__isnull=False)
                | ~Q(kind=DeskMailKind.OVERDUE) & Q(event__isnull=False, due_on__isnull=True),
                name="content_deskmail_of_event_or_day",
            ),
            models.CheckConstraint(condition=Q(kind__in=DeskMailKind), name="content_deskmail_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
