"""The admin's site: nobody is in before everything that the policy asks was shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import path

from clinic.login import policy, views


def public_page(request: HttpRequest, content_type_id: int, object_id: int) -> HttpResponseBase:
    """Redirect to the public page of a row of content; 404 in the same words for everything else."""
    kind = ContentType.objects.filter(pk=content_type_id, app_label="content").first()
    model = kind.model_class() if kind else None
    row = model._base_manager.filter(pk=object_id).first() if model else None  # noqa: SLF001  Django's own name for it
    if row is None or not hasattr(row, "get_absolute_url"):
        raise Http404("There is no such page.")
    return HttpResponseRedirect(row.get_absolute_url())


class DeskSite(admin.AdminSite):
    """Django's site with the one log-in page that this project has."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask for active staff, as Django does, and for the second factor."""
        return super().has_permission(request) and policy.may_enter(request)

    def get_urls(self) -> list[Any]:
        """Lead from the desk to public pages of content only: what else there is and is not, that page must not tell."""
        own = path("r/<int:content_type_id>/<int:object_id>/", self.admin_view(public_page), name="view_on_site")
        return [own if getattr(url, "name", "") == "view_on_site" else url for url in super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Hand over to the page that has the limits."""
        return views.enter(request)
