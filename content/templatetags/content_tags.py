"""Template tags and filters of the public pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from content import attribution, page_links
from content.choices import Illustration
from content.found import structured_data
from content.found.page import Page
from content.site import facts, kept

register = template.Library()


@register.simple_tag(takes_context=True)
def consultation_link(context: dict[str, Any], place: str, center: str = "") -> str:
    """Print the address of the request form, with a token of this page, the link's place on it and the page's campaign.

    The token changes with the UTC day, as kept pages do. A page that does not describe itself gets the bare address, and one
    that is drawn for all campaigns a sign for each place (`places`), where the token is to be put in.
    """
    address = reverse("consultations:request")
    page: Page | None = context.get("page")
    query = {"center": center} if center else {}
    # The form leads to itself with whatever source it has by then.
    if page and not page.path.startswith(address):
        if "places" in context:
            query["source"] = context["places"][place]
        else:
            campaign = attribution.campaign_of(context["request"].GET)
            query["source"] = attribution.token(page.path, place, campaign, timezone.now().date())
    return f"{address}?{urlencode(query)}" if query else address


@register.simple_tag(takes_context=True)
def rich(context: dict[str, Any], html: str) -> SafeString:
    """Print rich text with the present addresses of our pages; a link to one that readers do not see is only its words."""
    drawn = page_links.draw(html, facts(context["request"]).slug_of)
    return mark_safe(drawn)  # noqa: S308  RichTextField sanitises on every save


@register.filter
def drawing_text(key: str) -> str:
    """Return what a drawing that ships with the site says, for readers who do not see it."""
    return Illustration(key).says


@register.tag("kept")
def kept_part(parser: template.base.Parser, token: template.base.Token) -> KeptNode:
    """Keep what stands up to `endkept` until what it is drawn from changes: `{% kept name vary … %}`.

    What it is given from outside, other than the clinic's facts, must be among what it varies by.
    """
    _, name, *vary = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, name, [parser.compile_filter(each) for each in vary])


class KeptNode(template.Node):
    """A part of a page that is the same on many."""

    def __init__(self, nodelist: template.NodeList, name: str, vary: list[template.base.FilterExpression]) -> None:
        self.nodelist, self.name, self.vary = nodelist, name, vary

    def render(self, context: template.Context) -> SafeString:
        """Return the part, drawn or as it was; a page that answers no request is drawn anew each time."""
        if "request" not in context:
            return self.nodelist.render(context)
        key = ("template", self.name, *(each.resolve(context) for each in self.vary))
        return kept(context["request"], key, lambda: self.nodelist.render(context))


@register.filter
def rich_for_mail(html: str) -> SafeString:
    """Print rich text where no page of ours can be asked for: links to them are only their words."""
    drawn = page_links.draw(html, lambda page: None)
    return mark_safe(drawn)  # noqa: S308  RichTextField sanitises on every save


@register.simple_tag(takes_context=True)
def json_ld(context: dict[str, Any]) -> SafeString:
    """Print the page's structured data with its breadcrumbs; the home page adds the clinic."""
    page: Page = context["page"]
    graph = list(page.graph)
    if page.crumbs:
        graph.append(structured_data.breadcrumbs(page))
    elif page.path == "/" and "request" in context:
        graph.append(structured_data.organization(facts(context["request"]).clinic))
    return structured_data.script(graph) if graph else SafeString("")
