"""What the page of a revision is drawn from: its own rows, which do not change once approved, and what they lead to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content import page_links, richtext
from content.choices import CardKind
from content.comparison import standard_care
from content.comparison.reading import tables_of
from content.comparison.tables import Table
from content.models import ArticleReference, Comparison, Revision, Section
from content.page_links import Page
from content.publishing.checks import URGENT


class Keep(Protocol):
    """Returns a part by its name, made or as it was kept; `by_clock`: whether it changes without an edit."""

    def __call__[Value](self, name: str, make: Callable[[], Value], *, by_clock: bool = True) -> Value:
        """Return the part."""


class Words:
    """The texts of a revision as they are drawn: their links lead to the present addresses, their citations to the sources."""

    def __init__(
        self, revision: Revision, sections: list[Section], cited: frozenset[int], slug_of: Callable[[Page], str | None]
    ) -> None:
        # In reading order: the first place that cites a source is where the reference list leads back to.
        seen: set[int] = set()

        def linked(html: str) -> SafeString:
            return richtext.link_citations(page_links.draw(html, slug_of), cited, seen)

        self.lead = linked(revision.lead)
        self.bodies = [linked(section.body) for section in sections]


def parts_of(revision: Revision, now: dt.datetime, slug_of: Callable[[Page], str | None], keep: Keep) -> dict[str, Any]:
    """Return what the page of a revision is drawn from.

    Args:
        revision: public, or a draft to be previewed.
        now: related guides are those that are public then.
        slug_of: of the pages that its texts may link to.
        keep: returns a part by its name. A part that shows another one asks for it itself, so that it does not outlast it.
    """

    def part[Value](name: str, make: Callable[[], Value]) -> Callable[[], Value]:
        return lambda: keep(name, make, by_clock=False)

    sections = part("sections", lambda: list(revision.sections.select_related("comparison", "image")))
    citations = part("citations", lambda: list(revision.citations.select_related("reference")))
    tables = part("tables", lambda: tables_of(_comparisons(sections()), _numbers(citations())))
    drawn = part("drawn tables", lambda: {pk: _drawn_table(table) for pk, table in tables().items()})
    references = part("references", lambda: _drawn_references(citations(), tables()))
    # Texts and numbers, which no edit changes, so that their part may be given them.
    ours, cited = sections(), frozenset(_numbers(citations()).values())
    words = part("words", lambda: Words(revision, ours, cited, slug_of))()
    htmls = drawn()
    has_card = any(section.card == CardKind.STANDARD_CARE for section in ours)
    # Nobody is invited to a consultation above a card that says to get help now.
    last_urgent = max((number for number, section in enumerate(ours) if section.card in URGENT), default=-1)
    return {
        "lead": words.lead,
        "sections": [
            (section, body, htmls.get(section.comparison_id), number > last_urgent)
            for number, (section, body) in enumerate(zip(ours, words.bodies, strict=True))
        ],
        "standard_care": part("standard care", standard_care.read)() if has_card else None,
        # One drawing a page: the first section's that has one, else the article's own.
        "figure_anchor": next((section.anchor for section in ours if section.figure), ""),
        "has_drawing": bool(revision.illustration) or any(section.figure or section.image_id for section in ours),
        "references": references(),
        "related": keep("related", lambda: list(Revision.objects.guides_of(revision, now))),
        "review_overdue": revision.is_review_overdue(now.date()),
    }


def _comparisons(sections: list[Section]) -> list[Comparison]:
    return [section.comparison for section in sections if section.comparison]


def _numbers(citations: list[ArticleReference]) -> dict[int, int]:
    return {citation.reference_id: citation.number for citation in citations}


def _drawn_table(table: Table) -> SafeString:
    return render_to_string("content/_table.html", {"table": table})


def _drawn_references(citations: list[ArticleReference], tables: Mapping[int | None, Table]) -> SafeString:
    """Draw the article's own sources and then those of its tables."""
    further = {number: source for table in tables.values() for number, source in table.references.items()}
    return render_to_string("content/_references.html", {"citations": citations, "further": further})
