"""What differs between two states of an article's words, for people: words struck and words added, part by part. Pure.

Words are compared within paragraphs, and cells of tables are paragraphs. The time is bounded: where paragraphs are many or long, they are
compared as wholes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Literal

# Of one part. What is longer is shown struck and added as a whole.
MOST_PARAGRAPHS = 500
# Pairs of words that are compared for one page, all its paragraphs together: about a second.
MOST_PAIRS = 1_000_000
# Below this share of common words two paragraphs are two, and not one that was reworded.
ALIKE = 0.35
ENDS_PARAGRAPH = {"p", "li", "h2", "h3", "h4", "td", "th", "caption", "blockquote", "br", "tr", "ul", "ol", "table"}
# The label of a text that is a section's heading.
HEADING = "Heading"
TOKEN = re.compile(r"\s*\S+")
# A new line between tags: the editor writes none, files of a library do, and readers see neither.
BETWEEN_TAGS = re.compile(r"(?<=>)\n(?=<)")

type Kind = Literal["same", "struck", "added"]
type Piece = tuple[Kind, str]


@dataclass(frozen=True)
class Text:
    """A text of an article: `key` finds its counterpart, `label` names it; `source` is its HTML or plain text.

    `section` is the heading under which it is shown, of the section with that anchor; empty for what stands before them.
    """

    key: str
    label: str
    source: str
    section: str = ""
    html: bool = False


@dataclass(frozen=True)
class Difference:
    """A text that differs: its paragraphs in pieces; those that did not change are left out and counted as None."""

    label: str
    section: str
    paragraphs: list[list[Piece] | None] = field(default_factory=list)
    note: str = ""


@dataclass
class Budget:
    """How many pairs of words may be compared yet."""

    left: int = MOST_PAIRS

    def allows(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Take what comparing these costs; False where it is too much."""
        cost = len(before) * len(after)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def compare(before: Sequence[Text], after: Sequence[Text]) -> list[Difference]:
    """Return what differs, in the order of `after`; what is gone stands where it stood."""
    budget = Budget()
    old, new = ({text.key: text for text in side} for side in (before, after))
    found = [_between(old.get(text.key), new.get(text.key), budget) for text in _in_order(before, after)]
    return [difference for difference in [*found, _moved(old, new)] if difference is not None]


def _in_order(before: Sequence[Text], after: Sequence[Text]) -> list[Text]:
    """Return each text once: those of `after`, and after its predecessor each that is only in `before`."""
    order = list(after)
    keys = {text.key for text in order}
    place = -1
    for text in before:
        if text.key in keys:
            place = next(number for number, one in enumerate(order) if one.key == text.key)
        else:
            place += 1
            order.insert(place, text)
    return order


def _moved(old: dict[str, Text], new: dict[str, Text]) -> Difference | None:
    """Return the order of the sections that both have, where it changed."""
    before, after = (
        [key for key, text in one.items() if text.section and text.label == HEADING and key in other]
        for one, other in ((old, new), (new, old))
    )
    if before == after:
        return None
    pieces: list[Piece] = [
        ("struck", ", ".join(old[key].source for key in before)),
        ("added", ", ".join(new[key].source for key in after)),
    ]
    return Difference("Order of the sections", "", [[piece] for piece in pieces])


def _between(was: Text | None, now: Text | None, budget: Budget) -> Difference | None:
    shown = now or was
    before, after = (text.source if text else "" for text in (was, now))
    if shown is None or BETWEEN_TAGS.sub("", before) == BETWEEN_TAGS.sub("", after):
        return None
    old, new = (_paragraphs(source, html=shown.html) for source in (before, after))
    if old == new:
        told = was and now and shown.html
        note = "Its words are the same; how they are set apart or emphasised was changed." if told else ""
        return Difference(shown.label, shown.section, [], note) if note else None
    note = "" if was and now else "New." if now else "Removed."
    return Difference(shown.label, shown.section, _paired(old, new, budget), note)


def _paired(old: list[str], new: list[str], budget: Budget) -> list[list[Piece] | None]:
    """Return paragraphs in pieces; runs of unchanged ones are one None."""
    if max(len(old), len(new)) > MOST_PARAGRAPHS:
        return [[("struck", "\n".join(old))], [("added", "\n".join(new))]]
    found: list[list[Piece] | None] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(None)
        else:
            found += _reworded(old[a:b], new[c:d], budget)
    return found


def _reworded(old: list[str], new: list[str], budget: Budget) -> Iterator[list[Piece]]:
    """Yield the paragraphs of a place that changed, first with first and so on."""
    for was, now in zip_longest(old, new):
        if was is None or now is None:
            yield [("added", now)] if was is None else [("struck", was)]
        else:
            yield from _words(was, now, budget)


def _words(was: str, now: str, budget: Budget) -> Iterator[list[Piece]]:
    before, after = TOKEN.findall(was), TOKEN.findall(now)
    if not budget.allows(before, after):
        yield [("struck", was)]
        yield [("added", now)]
        return
    matcher = SequenceMatcher(None, [word.strip() for word in before], [word.strip() for word in after], autojunk=False)
    if matcher.ratio() < ALIKE:
        yield [("struck", was)]
        yield [("added", now)]
        return
    pieces: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(after[c:d])))
            continue
        pieces += [("struck", "".join(before[a:b]))] if a < b else []
        pieces += [("added", "".join(after[c:d]))] if c < d else []
    yield pieces


def _paragraphs(source: str, *, html: bool) -> list[str]:
    if not html:
        return [line for part in source.splitlines() if (line := " ".join(part.split()))]
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return [line for part in reader.parts if (line := " ".join(part.split()))]


class _Reader(HTMLParser):
    """Reads rich text as paragraphs; where a link leads stands behind its words, as it can change alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = [""]
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, or remember where a link leads."""
        if tag in ENDS_PARAGRAPH:
            self.parts.append("")
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or say where the link leads."""
        if tag in ENDS_PARAGRAPH:
            self.parts.append("")
        if tag == "a" and self.links and (target := self.links.pop()):
            self.parts[-1] += f" (link to {target})"

    def handle_data(self, data: str) -> None:
        """Take the words."""
        self.parts[-1] += data
