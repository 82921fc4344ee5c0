"""What a revision says, as texts that can be compared with those of another one."""

from __future__ import annotations

from collections.abc import Iterator

from content.models import Image, Revision, Section
from content.publishing.differences import HEADING, Text


def words_of(revision: Revision) -> list[Text]:
    """Return every text of a revision in reading order, its sources and related guides last. Three queries."""
    return [
        Text("title", "Title", revision.title),
        Text("summary", "Summary", revision.summary),
        Text("author", "Author", str(revision.author)),
        Text("lead", "Beginning", revision.lead, html=True),
        Text("key_points", "Key points", revision.key_points),
        Text("illustration", "Drawing", revision.get_illustration_display()),
        *(text for section in revision.sections.select_related("comparison", "image") for text in _of_section(section)),
        Text(
            "citations",
            "References",
            "\n".join(f"[{one.number}] {one.reference}" for one in revision.citations.select_related("reference")),
        ),
        Text(
            "related",
            "Related guides",
            "\n".join(str(one.related) for one in revision.related_links.select_related("related")),
        ),
    ]


def _of_section(section: Section) -> Iterator[Text]:
    key, place = f"section {section.anchor}", section.heading
    yield Text(f"{key} heading", HEADING, section.heading, place)
    yield Text(f"{key} body", "Text", section.body, place, html=True)
    yield Text(f"{key} table", "Table", str(section.comparison or ""), place)
    yield Text(f"{key} card", "Card", section.get_card_display(), place)
    figure = f"{section.get_figure_display()}: {section.figure_caption}" if section.figure else ""
    yield Text(f"{key} figure", "Drawing", figure, place)
    yield Text(f"{key} picture", "Picture", picture(section.image, section.image_alt), place)


def picture(image: Image | None, alt: str) -> str:
    """Return a picture in words: pictures of one title are told apart by their digests."""
    return f"{image} ({image.digest[:8]}): {alt or 'only decoration'}" if image else ""
