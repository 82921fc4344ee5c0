"""Template filters of the public pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from content import richtext, structured_data
from content.views.base import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def cited(context: dict[str, Any], html: str) -> SafeString:
    """Print rich text with `[n]` linked to the page's reference list; `numbers` and `seen_citations` are in the context."""
    return richtext.link_citations(html, context.get("numbers", set()), context.setdefault("seen_citations", set()))


@register.filter
def rich(html: str) -> SafeString:
    """Print rich text; it was sanitised when it was saved."""
    return mark_safe(html)  # noqa: S308  RichTextField sanitises on every save


@register.simple_tag(takes_context=True)
def json_ld(context: dict[str, Any]) -> SafeString:
    """Print the page's structured data with its breadcrumbs; the home page adds the clinic."""
    page: Page = context["page"]
    graph = list(page.graph)
    if page.crumbs:
        graph.append(structured_data.breadcrumbs(page))
    elif page.path == "/" and context.get("clinic"):
        graph.append(structured_data.organization(context["clinic"]))
    return structured_data.script(graph) if graph else SafeString("")
