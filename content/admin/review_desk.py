"""The front of the review desk: what waits for whoever is logged in, what is overdue, and what goes live next."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from content.admin.actor import actor
from content.admin.moments import clinic_zone, in_words
from content.choices import RevisionState
from content.models import Article, ClinicProfile, Revision
from content.models.revision import RevisionQuerySet
from content.publishing import reviews, waiting
from content.publishing.telling import owner_of

READ = ("GET", "HEAD")


class ReviewDesk(admin.ModelAdmin[Article]):
    """Adds `desk/` to the addresses of articles."""

    def get_urls(self) -> list[Any]:
        """Add it."""
        view = self.admin_site.admin_view(self.desk_view)
        return [path("desk/", view, name="content_article_desk"), *super().get_urls()]

    def desk_view(self, request: HttpRequest) -> HttpResponse:
        """Show it to whoever may read drafts."""
        if not request.user.has_perm("content.view_revision"):
            raise PermissionDenied
        if request.method not in READ:
            return HttpResponseNotAllowed(READ)
        now, zone = timezone.now(), clinic_zone()
        clinic = ClinicProfile.objects.first() or ClinicProfile()
        desk = waiting.desk_of(actor(request), now)
        overdue = desk.overdue.select_related("author__account", "approved_by")
        context = {
            **self.admin_site.each_context(request),
            "title": "Review desk",
            "opts": self.opts,
            "to_review": first(desk.to_review),
            "mine": [(one, RevisionState(one.state).label) for one in first(desk.mine)],
            "changes_to_review": desk.changes_to_review[: waiting.MOST],
            "my_changes": desk.my_changes[: waiting.MOST],
            "overdue": [
                (one, owner_of(one), reviews.has_lapsed(day, now.date(), clinic))
                for one in first(overdue)
                if (day := one.next_review_on)
            ],
            "going_live": [(one, in_words(one.go_live_at, zone)) for one in first(desk.going_live) if one.go_live_at],
            "ending": [(one, in_words(one.withdrawn_at, zone)) for one in first(desk.ending) if one.withdrawn_at],
            "most": waiting.MOST,
        }
        return TemplateResponse(request, "admin/content/review_desk.html", context)


def first(revisions: RevisionQuerySet) -> list[Revision]:
    """Return as many as the page shows."""
    return list(revisions[: waiting.MOST])
