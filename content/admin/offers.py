"""The pages of this site by name, for the dialog in which an editor links to one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.linking.offering import offered
from content.models import Article


class OfferedPages(admin.ModelAdmin[Article]):
    """Adds `…/offers/` to the addresses of articles."""

    def get_urls(self) -> list[Any]:
        """Add it."""
        view = self.admin_site.admin_view(require_safe(self.offers_view))
        return [path("offers/", view, name="content_article_offers"), *super().get_urls()]

    def offers_view(self, request: HttpRequest) -> JsonResponse:
        """Return paths and names; for those who may see articles, though all of it is public."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pages = [{"path": offer.path, "name": offer.name} for offer in offered(timezone.now())]
        return JsonResponse({"pages": pages})
