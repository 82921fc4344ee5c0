"""What of a revision's links and citations stands in the way of submitting and approving it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils import timezone

from content import page_links, richtext
from content.comparison.reading import tables_of
from content.linking.following import Follower
from content.models import ArticleReference, Reference, Revision
from content.publishing.checks import Block


def dead_links(revision: Revision) -> list[Block]:
    """Return a block for each link to a page, or a part of one, that is not there, and for related guides that were withdrawn."""
    follower = Follower(revision, timezone.now())
    blocks = []
    for place, html in _texts(revision):
        for link in page_links.links_in(html):
            if fault := follower.fault(link.href):
                words = " ".join(link.words.split())[:60]
                blocks.append(Block(f"The link “{words}” {fault}", place))
    blocks += [
        Block(f"The guide “{guide.related}” was withdrawn; take it off the list.", "related guides")
        for guide in revision.related_links.select_related("related")
        if follower.was_withdrawn(guide.related_id)
    ]
    return blocks


def citations(revision: Revision) -> list[Block]:
    """Return a block for each number without a source, each source that nothing cites, and each that cannot be looked up."""
    listed = list(revision.citations.select_related("reference"))
    numbers = {citation.number for citation in listed}
    blocks, cited = [], _numbers_in_tables(revision, listed)
    for place, html in _texts(revision):
        found = richtext.cited(html)
        cited |= found
        blocks += [
            Block(f"[{number}] is cited, and the list of references has no number {number}.", place)
            for number in sorted(found - numbers)
        ]
    for citation in listed:
        blocks += [Block(sentence, f"reference {citation.number}") for sentence in _faults(citation, listed, cited)]
    return blocks


def _texts(revision: Revision) -> Iterator[tuple[str, str]]:
    """Yield where a text stands and its HTML."""
    yield "lead", revision.lead
    for section in revision.sections.all():
        yield f"section {section.anchor}", section.body


def _numbers_in_tables(revision: Revision, listed: list[ArticleReference]) -> set[int]:
    """Return the numbers that cells of the revision's tables show."""
    numbers = {citation.reference_id: citation.number for citation in listed}
    sections = revision.sections.select_related("comparison")
    tables = tables_of([section.comparison for section in sections if section.comparison], numbers)
    shown = {cell.reference_number for table in tables.values() for row in table.rows for cell in row.cells}
    return {number for number in shown if number is not None}


def _faults(citation: ArticleReference, listed: list[ArticleReference], cited: set[int]) -> Iterator[str]:
    """Yield what is wrong with one of the listed sources."""
    source = citation.reference
    if citation.number not in cited:
        yield f"“{source}” is in the list of references, and nothing cites [{citation.number}]."
    try:
        source.clean_fields(exclude={field.name for field in Reference._meta.fields} - {"doi", "pmid", "url"})  # noqa: SLF001  documented
    except ValidationError as error:
        yield f"“{source}” cannot be looked up: {' '.join(error.messages)}"
    for other in listed:
        if other.number < citation.number and _same(source, other.reference):
            yield f"“{source}” is the source with number {other.number} again; list it once."


def _same(one: Reference, other: Reference) -> bool:
    pairs = ((one.doi.lower(), other.doi.lower()), (one.pmid, other.pmid), (one.url, other.url))
    return any(mine and mine == theirs for mine, theirs in pairs)
