"""Splits an article's Markdown into sections with anchors, embedded tables and citations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from content import anchors
from content.loading.source import Passage, Place, Problem
from content.loading.values import suggestion

HEADING = re.compile(r"## *(?!#)(?P<heading>.*?) *(?:\{#(?P<anchor>[^}]*)\})? *")
EMBED = re.compile(r"\{\{ *(?P<name>\w+) *: *(?P<argument>.*?) *\}\} *")
CITATION = re.compile(r"\[@([^\]\n]*)\]")
BARE_NUMBER = re.compile(r"(?<![\\\w])\[\d{1,3}\](?!\()")
EMBEDS = ("comparison", "card", "figure")


class Embed(NamedTuple):
    """A {{comparison: slug}}, {{card: kind}} or {{figure: key | caption}} on a line of its own."""

    place: Place
    name: str
    argument: str


@dataclass(frozen=True)
class Part:
    """The lead (without heading) or a section: its text as written, without the lines that embed something."""

    heading: str
    anchor: str
    place: Place
    text: Passage
    embeds: tuple[Embed, ...] = ()


class Citation(NamedTuple):
    """A source cited by its key, and where."""

    place: Place
    key: str


def split(body: Passage) -> list[Part]:
    """Return the lead and the sections of a text."""
    lines = body.text.split("\n")
    heads = [(number, found) for number, line in enumerate(lines) if (found := HEADING.fullmatch(line))]
    ends = [*(number for number, _ in heads), len(lines)]
    parts = [_part("", "", body.at(0), body, lines, 0, ends[0])]
    for (number, head), end in zip(heads, ends[1:], strict=True):
        parts.append(_part(head["heading"], head["anchor"] or "", body.at(number), body, lines, number + 1, end))
    return parts


def citations(passages: Iterable[Passage]) -> list[Citation]:
    """Return the sources cited in texts, in reading order."""
    return [
        Citation(passage.at(offset), found[1].strip())
        for passage in passages
        for offset, line in enumerate(passage.text.split("\n"))
        for found in CITATION.finditer(line)
    ]


def number_citations(passage: Passage, numbers: Mapping[str, int]) -> Passage:
    """Return the text with each [@key] as [n].

    The brackets are escaped: otherwise Markdown would take [1] before a parenthesis for a link.
    """
    return replace(passage, text=CITATION.sub(lambda found: rf"\[{numbers.get(found[1].strip(), 0)}\]", passage.text))


def find_anchor_problems(parts: Iterable[Part]) -> Iterator[Problem]:
    """Yield sections without an anchor or with that of another."""
    places: dict[str, Place] = {}
    for part in parts:
        if not part.heading:
            yield Problem(*part.place, "a section needs a heading, such as ## Heading {#heading}")
        elif not part.anchor:
            yield Problem(*part.place, f"the section needs an anchor: write ## {part.heading} {{#short-name}}")
        elif anchors.is_reserved(part.anchor):
            yield Problem(*part.place, f'the anchor "{part.anchor}" is one that pages use for a part of their own')
        elif part.anchor in places:
            line = places[part.anchor].line
            yield Problem(*part.place, f'the anchor "{part.anchor}" is already taken in line {line}')
        places.setdefault(part.anchor, part.place)


def find_embed_problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield embeds that cannot be drawn: unknown, twice in a section, in the lead, or in the middle of a line."""
    for number, part in enumerate(parts):
        names = [embed.name for embed in part.embeds]
        for position, embed in enumerate(part.embeds):
            sentence = _embed_problem(embed, names[:position], in_lead=number == 0)
            if sentence:
                yield Problem(*embed.place, sentence)
        yield from _lines_with(
            "{{", part.text, "write {{comparison: slug}}, {{card: kind}} or {{figure: key | caption}}, on its own line"
        )


def find_citation_problems(passages: Sequence[Passage], listed: Sequence[str], list_place: Place) -> Iterator[Problem]:
    """Yield sources that are cited but not listed, listed but not cited, or cited by a number."""
    cited = citations(passages)
    for place, key in cited:
        if key not in listed:
            yield Problem(*place, f'cites "{key}", which is not in the list of references{suggestion(key, listed)}')
    for key in listed:
        if key not in {citation.key for citation in cited}:
            yield Problem(*list_place, f'"references" lists "{key}", which the text never cites')
    for passage in passages:
        yield from _lines_with(BARE_NUMBER, passage, "cite a source by its key, such as [@cfr-1271], not by a number")


def find_stray_citations(passage: Passage) -> Iterator[Problem]:
    """Yield citations that are left although those of an article have their numbers."""
    return _lines_with("[@", passage, "a citation is written [@key], and only in the text of an article")


def _lines_with(what: str | re.Pattern[str], passage: Passage, sentence: str) -> Iterator[Problem]:
    """Yield the same problem for each line that has something in it."""
    pattern = re.compile(re.escape(what)) if isinstance(what, str) else what
    for offset, line in enumerate(passage.text.split("\n")):
        if pattern.search(line):
            yield Problem(*passage.at(offset), sentence)


def _embed_problem(embed: Embed, before: Sequence[str], *, in_lead: bool) -> str:
    """Return a sentence when an embed cannot be drawn; `before` are those already in its section."""
    target, _, caption = embed.argument.partition("|")
    if embed.name not in EMBEDS:
        hint = suggestion(embed.name, EMBEDS)
        return f'"{embed.name}" cannot be embedded; a comparison, a card or a figure can{hint}'
    if in_lead:
        return f"a {embed.name} stands in a section, below a ## heading"
    if embed.name in before:
        return f"a section holds at most one {embed.name}"
    if not target.strip():
        return f"name the {embed.name} that is to be drawn"
    if embed.name == "figure" and not caption.strip():
        return "a figure needs a caption: write {{figure: key | caption}}"
    return ""


def _part(heading: str, anchor: str, place: Place, body: Passage, lines: list[str], start: int, end: int) -> Part:
    embeds, kept = [], []
    for number in range(start, end):
        found = EMBED.fullmatch(lines[number])
        if found:
            embeds.append(Embed(body.at(number), found["name"], found["argument"]))
        kept.append("" if found else lines[number])
    return Part(heading, anchor, place, Passage(body.path, body.line + start, "\n".join(kept)), tuple(embeds))
