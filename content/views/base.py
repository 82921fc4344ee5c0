"""Base of reading pages: description, canonical URL, breadcrumbs, structured data."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote_plus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import ContextMixin, View

from content import attribution
from content.choices import PageKind
from content.found.page import Page
from content.linking import moving
from content.site import kept

# Where the token of a link to the request form is put in: nobody can guess it, so no text holds it.
MARK = secrets.token_hex(16)
PLACES = {place: f"{MARK}-{place}-" for place in attribution.PLACES}
MARKED = re.compile(f"{MARK}-({'|'.join(PLACES)})-")


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


class DrawnOnceMixin(ContextMixin, View):
    """A page of which an address's query changes nothing but the campaign: drawn once for all, with places for its tokens.

    Its template gets `campaigned`, whether a campaign is named, and must not ask the query for anything else.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what stands for the campaign."""
        return super().get_context_data(campaigned=is_campaigned(self.request), places=PLACES, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put the page together."""
        campaign, campaigned = attribution.campaign_of(request.GET), is_campaigned(request)

        def draw() -> list[str]:
            response = super(DrawnOnceMixin, self).get(request, *args, **kwargs)  # type: ignore[misc]  # the generic view's
            return MARKED.split(response.render().content.decode())

        path, today = request.path, timezone.now().date()
        pieces = kept(request, ("page", path, campaigned), draw)
        # Every other piece is a place.
        tokens = {place: quote_plus(attribution.token(path, place, campaign, today)) for place in {*pieces[1::2]}}
        return HttpResponse("".join(tokens[piece] if number % 2 else piece for number, piece in enumerate(pieces)))


def is_campaigned(request: HttpRequest) -> bool:
    """Return whether the address names a campaign, be it in words that are not taken over."""
    return any(request.GET.get(f"utm_{name}") for name in attribution.UTM)


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
