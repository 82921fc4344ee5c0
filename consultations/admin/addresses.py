"""URLs of the buttons and pages that belong to one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import admin
from django.http import HttpResponseBase
from django.urls import URLPattern, path, reverse

from consultations.models import ConsultationRequest


def page_of(request_id: int | str) -> str:
    """Return the path of the page on which staff work on a request."""
    return reverse("admin:consultations_consultationrequest_change", args=[request_id])


def addresses(
    desk: admin.ModelAdmin[ConsultationRequest], views: Mapping[str, Callable[..., HttpResponseBase]]
) -> list[URLPattern]:
    """Return `…/<name>/` for each view, for those who may enter the admin; its name ends in `_<name>`.

    Put them before Django's own, which take everything behind the id.
    """
    return [
        path(
            f"<path:object_id>/{name}/",
            desk.admin_site.admin_view(view),
            name=f"consultations_consultationrequest_{name}",
        )
        for name, view in views.items()
    ]
