"""Markdown of a library: what it may contain, and the links in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.loading.source import Passage, Place, Problem
from content.richtext import CITATION

# With HTML switched on, unlike where pages are made, so that tags are told from text.
_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")

REFUSED = {
    "html_block": "raw HTML is refused; write Markdown",
    "html_inline": "raw HTML is refused; write Markdown",
    "image": "a picture cannot stand in text; an article shows one with {{figure: key | caption}}",
    "fence": "code is not expected here",
    "code_block": "a line that starts with four spaces becomes code; take them away",
    "code_inline": "code is not expected here",
    "hr": "a line across the page is not expected here",
}
BROKEN_LINK = re.compile(r"\[[^\[\]]*[^\[\]\d][^\[\]]*\]\(")


class Link(NamedTuple):
    """An address that a text links to, and where."""

    place: Place
    href: str


class _Piece(NamedTuple):
    place: Place
    token: Token
    in_link: bool


def find_problems(passage: Passage) -> Iterator[Problem]:
    """Yield what cannot stand in a page's text."""
    for place, token, in_link in _pieces(passage):
        if token.type in REFUSED:
            yield Problem(*place, REFUSED[token.type])
        elif token.type == "heading_open" and token.tag not in passage.headings:
            marks = " or ".join("#" * int(tag[1]) for tag in passage.headings)
            yield Problem(*place, f"a heading of this level is not expected here; start it with {marks}")
        elif token.type == "text" and BROKEN_LINK.search(token.content):
            yield Problem(*place, "this link cannot be read; write [words](/path/) or [words](https://address)")
        elif token.type == "text" and in_link and CITATION.search(token.content):
            yield Problem(*place, "a citation cannot stand inside a link")


def find_links(passage: Passage) -> Iterator[Link]:
    """Yield the links of a text."""
    for place, token, _ in _pieces(passage):
        if token.type == "link_open":
            yield Link(place, str(token.attrs["href"]))


def _pieces(passage: Passage) -> Iterator[_Piece]:
    """Yield every token with its line; inside a paragraph the lines are counted by their breaks."""
    offset, in_link = 0, False
    for block in _markdown.parse(passage.text):
        offset = block.map[0] if block.map else offset
        yield _Piece(passage.at(offset), block, in_link=False)
        breaks = 0
        for token in block.children or []:
            in_link = token.type == "link_open" or (in_link and token.type != "link_close")
            yield _Piece(passage.at(offset + breaks), token, in_link)
            breaks += token.type in {"softbreak", "hardbreak"}
