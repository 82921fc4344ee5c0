"""Search: one page, with or without results. With a query nobody keeps it, as people search for what ails them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from content import text
from content.found.page import Page
from content.models import Revision
from content.numerals import number_in
from content.search import finding, index, misses
from content.search.results import address, results_of
from content.site import kept
from content.views.base import PageMixin, read_only

A_PAGE = 20
# Whoever wants more than these asks more narrowly.
MOST_PAGES = 10
GUIDES = 3
type View = Callable[..., Any]
# What is put around the view, such as a limit: consultations/apps.py registers it, as limits are counted there.
GUARDS: list[Callable[[View], View]] = []


class SearchView(PageMixin, TemplateView):
    """The search form, and what a query finds among the pages that are public now."""

    template_name = "content/search.html"
    query = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; a browser may show its own copy again after asking, and no cache in between has one."""
        self.query = text.on_one_line(request.GET.get("q", ""))[: finding.LONGEST_QUERY].strip()
        response = super().get(request, *args, **kwargs)
        if self.query:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of results, and where nothing was found, or asked, the newest guides."""
        now: dt.datetime = getattr(self.request, "arrived_at", None) or timezone.now()
        found = finding.Answer([])
        if self.query:
            known = kept(self.request, "search", lambda: index.read(now))
            found = finding.find(known, self.query)
            if not found.hits:
                misses.note(self.query, now=now)
        total = len(found.hits)
        last = min(max(1, -(-total // A_PAGE)), MOST_PAGES)
        number = _number(self.request.GET.get("page", ""), last)
        guides = [] if total else list(Revision.objects.public(now).select_related("article")[:GUIDES])
        return super().get_context_data(
            query=self.query,
            results=results_of(found.hits[(number - 1) * A_PAGE : number * A_PAGE]) if total else [],
            total=total,
            complete=found.complete,
            first=(number - 1) * A_PAGE + 1,
            number=number,
            last=last,
            earlier=address(self.query, number - 1) if number > 1 else "",
            later=address(self.query, number + 1) if number < last else "",
            guides=guides,
            longest=finding.LONGEST_QUERY,
            **kwargs,
        )

    def get_page(self, context: dict[str, Any]) -> Page:
        """A page for people: search engines do not list it, but follow it."""
        return Page(
            f"Search: {self.query}" if self.query else "Search",
            "Search the guides, therapies, questions, comparisons and centers of this site.",
            "/search/",
            crumbs=[("Home", "/")],
            index=False,
        )


@read_only
def search(request: HttpRequest) -> HttpResponse:
    """Answer within the guards."""
    view: View = SearchView.as_view()
    for guard in GUARDS:
        view = guard(view)
    response: HttpResponse = view(request)
    return response


def _number(typed: str, last: int) -> int:
    """Return which page is asked for: the nearest that there is."""
    return min(number_in(typed, digits=5) or 1, last)
