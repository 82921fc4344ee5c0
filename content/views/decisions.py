"""The decision aid: five questions on one page, which works without sending an answer anywhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from content import deciding
from content.found.page import Page
from content.views.base import PageMixin


class DecisionView(PageMixin, TemplateView):
    """Questions, and the sheet that the style sheet fills in as answers are chosen; a visitor's own link chooses them."""

    template_name = "content/decide.html"
    sheet: deciding.Sheet

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; with answers in its address, nobody keeps it, and what it links to is told the origin only."""
        self.sheet = deciding.read(request.GET.dict())
        response = super().get(request, *args, **kwargs)
        if self.sheet.is_answered:
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sheet."""
        return super().get_context_data(sheet=self.sheet, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """Without answers it is a page like any other; with them it is nobody else's."""
        return Page(
            "Questions before you decide",
            "Five questions about what matters to you, and what to ask a doctor. Nothing is stored, and no therapy is recommended.",
            "/decide/",
            crumbs=[("Home", "/")],
            index=not self.sheet.is_answered,
        )
