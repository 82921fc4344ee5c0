"""What a page says of itself to browsers, search engines and social networks: title, description, canonical address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.templatetags.static import static


@dataclass
class Page:
    """What the base template needs to know of a page.

    Attributes:
        title: for the browser tab and social cards, without the clinic's name.
        description: one or two sentences; at most 160 characters are shown by search engines.
        path: the canonical path.
        crumbs: (label, path) from the home page down, without the page itself.
        index: whether search engines should list it.
        image: path of the page's own social card; empty: it has that of the site.
        graph: structured data objects (JSON-LD) of the page.
    """

    title: str
    description: str
    path: str
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    index: bool = True
    image: str = ""
    kind: str = "website"
    graph: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The canonical address."""
        return settings.SITE_URL + self.path

    @property
    def room(self) -> str:
        """The part of the site that it belongs to: the first part of its path, empty for the home page."""
        return self.path.split("/")[1]

    @property
    def image_url(self) -> str:
        """The address of the social card's picture; social networks ask for an absolute one."""
        return settings.SITE_URL + (self.image or static("img/social-card.png"))
