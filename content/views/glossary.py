"""The glossary: terms of the field with their definitions, and the pages that use them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.views.generic import ListView

from content.found.page import Page
from content.linking.uses import uses_of_terms
from content.models import Term
from content.views.base import PageMixin


class GlossaryView(PageMixin, ListView[Term]):
    """Every term; each has an anchor, which texts link to."""

    model = Term
    template_name = "content/glossary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each term with the pages whose texts refer to it."""
        uses = uses_of_terms(timezone.now())
        return super().get_context_data(terms=[(term, uses.get(term.pk, [])) for term in self.object_list], **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """The page's description."""
        return Page(
            "Glossary",
            "Words of regenerative medicine in plain English, and where our guides use them.",
            "/glossary/",
            crumbs=[("Home", "/")],
        )
