"""Links from text to pages of this site: kept as references (`ref:article/12#why`), drawn and edited as addresses. Pure.

A slug may change, and what was approved does not: so a text names the row, and the address is filled in when it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.html import escape

from content import links
from content.choices import PageKind

# As `richtext.clean` writes it: a link may have a title and a language too. Links to citations are added later.
LINK = re.compile(
    r'<a(?P<before>(?: [\w-]+="[^"]*")*?) href="(?P<href>[^"]*)"(?P<after>(?: [\w-]+="[^"]*")*)>(?P<words>.*?)</a>',
    re.DOTALL,
)
FOLDERS = {PageKind.ARTICLE: "articles", PageKind.THERAPY: "therapies", PageKind.CENTER: "centers"}
GLOSSARY = "/glossary/"
PATH = re.compile(r"/(articles|therapies|centers)/([-\w]+)/?", re.ASCII)
ANCHOR = re.compile(r"[\w-]{1,80}", re.ASCII)
_kinds = {folder: kind for kind, folder in FOLDERS.items()}


class Page(NamedTuple):
    """A row that has a page: its kind and its id."""

    kind: PageKind
    pk: int


class Named(NamedTuple):
    """The same as its address names it."""

    kind: PageKind
    slug: str


class Link(NamedTuple):
    """A link of a text: where it leads, and its words."""

    href: str
    words: str


def links_in(html: str) -> list[Link]:
    """Return the links of a text, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.links


def page_of(href: str) -> tuple[Page, str] | None:
    """Return which page a reference leads to, and its anchor or ""; None: it is an address."""
    found = links.REFERENCE.fullmatch(href)
    return (Page(PageKind(found[1]), int(found[2])), (found[3] or "")[1:]) if found else None


def reference(page: Page, anchor: str = "") -> str:
    """Return how a text keeps a link to a page."""
    return f"{links.REFERENCE_SCHEME}:{page.kind}/{page.pk}{f'#{anchor}' if anchor else ''}"


def path_of(named: Named, anchor: str = "") -> str:
    """Return the path of a page, as content/urls.py has it."""
    if named.kind == PageKind.TERM:
        return f"{GLOSSARY}#{named.slug}"
    return f"/{FOLDERS[named.kind]}/{named.slug}/{f'#{anchor}' if anchor else ''}"


def on_this_site(href: str, site_url: str) -> str:
    """Return the path of an address that was copied from a page of ours (`site_url`); others as they are."""
    if not href.casefold().startswith(site_url.casefold()):
        return href
    path = href[len(site_url) :]
    return path if path.startswith("/") and not path.startswith("//") else href if path else "/"


def with_paths(html: str, site_url: str) -> str:
    """Return a text in which links that were copied from a page of ours hold its path alone."""
    return re.sub(rf'href="{re.escape(site_url)}/(?!/)', 'href="/', html, flags=re.IGNORECASE)


def named_by(href: str, site_url: str) -> tuple[Named, str] | None:
    """Return which page an address names, and its anchor or ""; None: another one, or one that asks it something (`?…`)."""
    try:
        parts = urlsplit(on_this_site(href, site_url))
    except ValueError:
        return None
    if parts.netloc or parts.query:
        return None
    if parts.path in {GLOSSARY, GLOSSARY[:-1]}:
        return (Named(PageKind.TERM, parts.fragment), "") if ANCHOR.fullmatch(parts.fragment) else None
    found = PATH.fullmatch(parts.path)
    if found is None or not (parts.fragment == "" or ANCHOR.fullmatch(parts.fragment)):
        return None
    return Named(_kinds[found[1]], found[2]), parts.fragment


def named_in(html: str, site_url: str) -> set[Named]:
    """Return the pages that the addresses in a sanitised text name."""
    found = (named_by(unescape(match["href"]), site_url) for match in LINK.finditer(html))
    return {each[0] for each in found if each}


def pages_in(texts: Iterable[str]) -> set[Page]:
    """Return the pages that sanitised texts refer to."""
    found = (page_of(match["href"]) for html in texts for match in LINK.finditer(html))
    return {each[0] for each in found if each}


def refer(html: str, pages: Mapping[Named, int], site_url: str) -> str:
    """Return a sanitised text whose addresses of `pages` (ids by what names them) are references; others stay."""

    def kept(match: re.Match[str]) -> str:
        found = named_by(unescape(match["href"]), site_url)
        pk = pages.get(found[0]) if found else None
        if found is None or pk is None:
            return match[0]
        return _with_href(match, reference(Page(found[0].kind, pk), found[1]))

    return LINK.sub(kept, html)


def draw(html: str, slug_of: Callable[[Page], str | None], *, for_readers: bool = True) -> str:
    """Return a sanitised text whose references are addresses again.

    Args:
        html: sanitised rich text.
        slug_of: the present slug of a page; None for one that must not be linked to.
        for_readers: terms of the glossary are marked up as such, and a link that must not be is drawn as its words alone;
            otherwise they are left as they are.
    """

    def drawn(match: re.Match[str]) -> str:
        found = page_of(match["href"])
        if found is None:
            return match[0]
        page, anchor = found
        slug = slug_of(page)
        if slug is None:
            return match["words"] if for_readers else match[0]
        link = _with_href(match, escape(path_of(Named(page.kind, slug), anchor)))
        return f"<dfn>{link}</dfn>" if for_readers and page.kind == PageKind.TERM else link

    return LINK.sub(drawn, html)


def _with_href(match: re.Match[str], href: str) -> str:
    """Return a link with another address; whatever else it has stays."""
    return f'<a{match["before"]} href="{href}"{match["after"]}>{match["words"]}</a>'


class _Reader(HTMLParser):
    """Collects links with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        href = dict(attrs).get("href")
        if tag == "a" and href is not None:
            self.links.append(Link(href, ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """Note the end of its words."""
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        """Note its words."""
        if self._open:
            href, words = self.links[-1]
            self.links[-1] = Link(href, words + data)
