"""Reads rows that belong to another: sections, findings, citations, table columns, opening periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.loading import sections, values
from content.loading.rows import Link, Model, Row, columns, read_row, report_unknown
from content.loading.source import BODY, Address, Entry, Place, Problems, Span
from content.models import Criterion, DecisionAnswer, Finding, OpeningPeriod, Section
from content.models.decision import MOST_ANSWERS

ANSWER = columns("slug", "answer", "matters", "ask")
FINDING = columns("value", "note", "tone", "grade", "reference", reviewed="reviewed_on")
SECTION = columns("position", "heading", "anchor", "body", "comparison", "card", "figure", caption="figure_caption")


@dataclass(frozen=True)
class Children:
    """Rows that belong to a row of a kind.

    They are matched with those in the database by the columns in `key`: the others are brought up to date, and a row
    whose key is gone from the file is deleted.
    """

    model: Model
    parent: str
    key: tuple[str, ...]
    names: tuple[str, ...]
    read: Callable[[Entry, Problems], list[Row]]


def listed(
    name: str,
    model: Model,
    to: Model,
    *,
    parent: str,
    link: str,
    number: str = "",
    first: int = 0,
) -> Children:
    """Return how a list of keys becomes rows that each point at another row.

    Args:
        name: the list's name in the file.
        model: the rows to be made.
        to: what the keys name.
        parent: the column that points at the row they belong to.
        link: the column that points at what the key names.
        number: the column that keeps the order; empty: there is none.
        first: the number of the first.
    """

    def read(entry: Entry, problems: Problems) -> list[Row]:
        place = entry.at(name)
        try:
            keys = values.text_list(entry.values.get(name, []))
        except ValueError as error:
            problems.add(place, f'"{name}" {error}')
            return []
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            problems.add(place, f'"{name}" lists {values.quoted(key)} more than once')
        return [
            Row(model, entry, {link: Link(to, key, place)} | ({number: position} if number else {}))
            for position, key in enumerate(keys, start=first)
        ]

    return Children(model, parent, (link,), (name,), read)


def read_sections(entry: Entry, problems: Problems) -> list[Row]:
    """Return an article's sections."""
    parts = sections.split(entry.texts[BODY])[1:]
    numbers = reference_numbers(entry)
    return [_section(part, position, numbers, problems) for position, part in enumerate(parts, start=1)]


def read_findings(entry: Entry, problems: Problems) -> list[Row]:
    """Return a therapy's findings, one table per criterion."""
    return list(_findings(entry, problems))


def read_answers(entry: Entry, problems: Problems) -> list[Row]:
    """Return the answers to a question of the decision aid, in the order of the file; at most six."""
    tables = entry.values.get("answer", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.add(entry.at("answer"), "answers are tables [[question.answer]]")
        return []
    if not 2 <= len(tables) <= MOST_ANSWERS:
        problems.add(entry.place, f"a question has 2 to {MOST_ANSWERS} answers, not {len(tables)}")
    rows = []
    for number in range(len(tables)):
        inner = entry.inner("answer", number)
        report_unknown(inner, ANSWER, problems)
        row = read_row(DecisionAnswer, ANSWER, inner, problems)
        # The file's order is the page's.
        row.values["position"] = number + 1
        rows.append(row)
    slugs = [row.values.get("slug") for row in rows]
    for row in rows:
        if slugs.count(row.values.get("slug")) > 1:
            problems.add(
                row.entry.at("slug"), f'another answer to this question has the slug "{row.values.get("slug")}"'
            )
    return rows


def read_opening_periods(entry: Entry, problems: Problems) -> list[Row]:
    """Return a center's opening periods."""
    if "hours" not in entry.values:
        problems.add(entry.place, '"hours" is missing')
        return []
    try:
        periods = values.read_periods(entry.values["hours"])
    except ValueError as error:
        problems.add(entry.at("hours"), f'"hours" {error}')
        return []
    return [Row(OpeningPeriod, entry, period._asdict()) for period in periods]


def reference_numbers(entry: Entry) -> dict[str, int]:
    """Return the number of each source that an article lists; none where the list cannot be read."""
    listed_keys: Any = entry.values.get("references", [])
    keys = listed_keys if isinstance(listed_keys, list) else []
    return {key: number for number, key in enumerate(keys, start=1) if isinstance(key, str)}


def _section(part: sections.Part, position: int, numbers: dict[str, int], problems: Problems) -> Row:
    fields: dict[str, Any] = {"position": position, "heading": part.heading, "anchor": part.anchor}
    spans: dict[Address, Span] = {}
    for embed in part.embeds:
        argument, _, caption = embed.argument.partition("|")
        fields[embed.name] = argument.strip() if embed.name == "figure" else embed.argument
        spans[(embed.name,)] = Span(embed.place.line, embed.place.line)
        if embed.name == "figure":
            fields["caption"] = caption.strip()
            spans[("caption",)] = spans[("figure",)]
    entry = Entry(*part.place, fields, spans).with_text("body", sections.number_citations(part.text, numbers))
    # What is empty is reported with better words where the text is checked as a whole.
    names = {name: column for name, column in SECTION.items() if entry.values.get(name) != "" or name == "body"}
    return read_row(Section, names, entry, problems)


def _findings(entry: Entry, problems: Problems) -> Iterator[Row]:
    tables = entry.values.get("findings", {})
    if not isinstance(tables, dict):
        problems.add(entry.at("findings"), "findings are tables, one per criterion, such as [findings.source]")
        return
    for criterion, table in tables.items():
        if not isinstance(table, dict):
            problems.add(entry.inner("findings").at(criterion), f"a finding is a table, such as [findings.{criterion}]")
            continue
        inner = entry.inner("findings", criterion)
        report_unknown(inner, FINDING, problems)
        row = read_row(Finding, FINDING, inner, problems)
        row.values["criterion"] = Link(Criterion, criterion, Place(inner.path, inner.line))
        yield row
