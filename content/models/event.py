"""History of revisions: who did what, and when; never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.choices import EventKind
from content.models.revision import Revision


class RevisionEvent(models.Model):
    """What somebody did with a revision. Written by content/publishing only, in the transaction of what was done."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=EventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=EventKind), name="content_revisionevent_what_known"),
            models.CheckConstraint(
                condition=~Q(what=EventKind.SENT_BACK) | ~Q(words=""),
                name="content_revisionevent_sent_back_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M} UTC"
