"""Rich text: Markdown to HTML, sanitising, citation links. No models, no queries."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from content import anchors, links

ALLOWED_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "h4", "sup", "sub",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href"},
    "h2": {"id"},
    "h3": {"id"},
    "th": {"scope", "colspan"},
    "td": {"colspan"},
    "ol": {"start"},
}
# What stands in these is no text of the author: programs, styles, names of files, and what Word keeps for itself.
DROPPED_WHOLE = {
    "script", "style", "title", "xml", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea",
}  # fmt: skip
# No table of a clinic is wider; browsers take up to 1000, which is slow and pushes everything else off the page.
WIDEST_CELL = 20
CITATION = re.compile(r"\[(\d{1,3})\]")
# Where words end for who reads them: all tags but those that stand within a line, as in "<a>plasma</a>, which".
BETWEEN_WORDS = re.compile(r"<br\b|</(?!(?:a|strong|em|sup|sub)>)")
# A tag is matched as a whole, so that a number in an address is not taken for a citation.
TAG_OR_CITATION = re.compile(rf'<(?:[^<>"]|"[^"]*")*>|{CITATION.pattern}')

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def clean(html: str, *, headings_named: bool = False) -> str:
    """Return `html` with only the tags an editor may use: no style, no script, no image, no foreign scheme.

    Args:
        html: from anywhere.
        headings_named: keep ids of headings, each once and only where pages have none of their own by that name. For a
            text that is all of its page; beside others their ids could meet.
    """
    named: set[str] = set()

    def keep(tag: str, name: str, value: str) -> str | None:
        if name != "id":
            return _attribute(tag, name, value)
        if not headings_named or value in named or not anchors.is_free(value):
            return None
        named.add(value)
        return value

    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={*links.SCHEMES, links.REFERENCE_SCHEME},
        link_rel=None,
    ).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value as it may stay, or None where it is taken away: a cell spans 1 to 20 columns."""
    if name == "href":
        return _completed(value)
    if name != "colspan":
        return value
    return value if re.fullmatch(r"[1-9]\d?", value, re.ASCII) and int(value) <= WIDEST_CELL else None


def _completed(href: str) -> str | None:
    try:
        return links.complete(href)
    except ValueError:
        return None


def from_markdown(text: str) -> str:
    """Return sanitised HTML for Markdown; raw HTML in it stays visible as text."""
    return clean(_markdown.render(text))


def to_text(html: str) -> str:
    """Return the words of `html` on one line."""
    return " ".join(strip_tags(BETWEEN_WORDS.sub(r" \g<0>", html)).split())


def cited(html: str) -> set[int]:
    """Return the numbers of the sources that `html` cites: those that `link_citations` makes links of where they are listed."""
    return {int(match[1]) for match in TAG_OR_CITATION.finditer(html) if match[1]}


def link_citations(html: str, numbers: AbstractSet[int], seen: set[int]) -> SafeString:
    """Return `html` with each `[n]` linked to the reference list.

    Args:
        html: sanitised rich text.
        numbers: the reference numbers that the page's list has; others stay as typed.
        seen: numbers already linked on the page; updated here, so that only the first place gets the anchor that the
            reference list links back to.
    """

    def link(match: re.Match[str]) -> str:
        number = int(match[1] or 0)
        if number not in numbers:
            return match[0]
        anchor = "" if number in seen else f' id="cite-{number}"'
        seen.add(number)
        return f'<a class="cite" href="#ref-{number}"{anchor} aria-label="Reference {number}">[{number}]</a>'

    return mark_safe(TAG_OR_CITATION.sub(link, html))  # noqa: S308  built from sanitised text and whole numbers
