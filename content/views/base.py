"""Base of reading pages: description, canonical URL, breadcrumbs, structured data."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import ContextMixin, View

from content.choices import PageKind
from content.found.page import Page
from content.linking import moving


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer GET and HEAD alone; whoever sends something is told in words that it can only be read."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"], render_to_string("405.html"))
        return view(request, *args, **kwargs)

    # There is nothing to forge; with the check, a POST would be told to send its form again.
    return csrf_exempt(reading)


# As with `read_only`.
@method_decorator(csrf_exempt, name="dispatch")
class PageMixin(ContextMixin, View):
    """A view that describes its page in `get_page`, once the rest of the context is known."""

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say that the page can only be read."""
        return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"], render_to_string("405.html"))

    def get_page(self, context: dict[str, Any]) -> Page:
        """Return the description of the page that `context` will draw."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add `page`."""
        context = super().get_context_data(**kwargs)
        context["page"] = self.get_page(context)
        return context


class MovedMixin(View):
    """A page whose address holds the slug of a row: an address that it had before leads to the present one, in one hop."""

    kind: PageKind | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or lead to it."""
        try:
            return super().get(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # the generic view's
        except Http404:
            path = moving.present_path(self.kind, kwargs["slug"], timezone.now()) if self.kind else None
            if path is None:
                raise
            return moved_to(path, request)


def moved_to(path: str, request: HttpRequest) -> HttpResponsePermanentRedirect:
    """Lead to a path for good; a campaign's parameters survive the redirect."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
