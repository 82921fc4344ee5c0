"""URLs of the buttons and pages that belong to one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.contrib import admin
from django.http import HttpResponseBase
from django.urls import URLPattern, get_script_prefix, path, reverse

from consultations.models import ConsultationRequest


def list_of_requests() -> str:
    """Return the path of the list of requests; looked up once, as a page has a hundred links beneath it."""
    return _list_of_requests(get_script_prefix())


@cache
def _list_of_requests(prefix: str) -> str:
    return reverse("admin:consultations_consultationrequest_changelist")


def page_of(request_id: int | str, page: str = "change") -> str:
    """Return the path of the page on which staff work on a request, or of one of its buttons."""
    if isinstance(request_id, int):
        return f"{list_of_requests()}{request_id}/{page}/"
    return reverse(f"admin:consultations_consultationrequest_{page}", args=[request_id])


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
