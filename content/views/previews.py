"""Revisions before readers see them: for staff, and for whoever has a preview link."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from content.found.page import Page
from content.models import Revision
from content.publishing import sharing
from content.views.articles import ArticlePage


class PreviewView(ArticlePage):
    """A revision as readers would see it, for staff, drawn anew each time; links to it are of no use to anybody else."""

    template_name = "content/preview.html"

    def get_object(self, queryset: QuerySet[Revision] | None = None) -> Revision:
        """Return the revision, for those who may enter the desk and read drafts there."""
        if not (admin.site.has_permission(self.request) and self.request.user.has_perm("content.view_revision")):
            raise Http404("There is no such page.")
        revisions = self.get_queryset().filter(article__slug=self.kwargs["slug"])
        return get_object_or_404(revisions, number=self.kwargs["number"])

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
        return get_object_or_404(self.get_queryset(), pk=link.revision_id)

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
