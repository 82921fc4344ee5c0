"""The way from a row in the admin to its public page."""

from __future__ import annotations

from django.contrib.contenttypes.views import shortcut
from django.http import Http404, HttpRequest, HttpResponse


def view_on_site(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    """Lead to the public page of a row.

    Django's own view says whether a row without a public page exists: a request of another center, for one. Here every
    refusal is the same.

    Raises:
        Http404: there is no such row, or it has no public page.
    """
    try:
        return shortcut(request, content_type_id, object_id)
    except Http404:
        raise Http404 from None
