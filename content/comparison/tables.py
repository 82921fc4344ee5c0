"""Lays out therapies, criteria and findings as a table; canonical order of a comparison's address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from content.choices import EvidenceGrade, Tone

if TYPE_CHECKING:
    from content.models import Criterion, Finding, Reference, Therapy

LEAST, MOST = 2, 4
SEPARATOR = "-vs-"


@dataclass(frozen=True)
class Cell:
    """One therapy under one criterion; `finding` is None where nobody has looked yet."""

    therapy: Therapy
    finding: Finding | None
    reference_number: int | None

    @property
    def is_reviewed(self) -> bool:
        """Whether a person has checked it."""
        return self.finding is not None and self.finding.reviewed_on is not None


@dataclass(frozen=True)
class Row:
    """A criterion with a cell per therapy, in the table's order."""

    criterion: Criterion
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether several cells are not all reviewed with one value and one tone; what nobody reviewed may differ."""
        said = {
            (cell.finding.value.casefold(), cell.finding.tone)
            for cell in self.cells
            if cell.finding is not None and cell.is_reviewed
        }
        return len(self.cells) > 1 and (len(said) != 1 or not all(cell.is_reviewed for cell in self.cells))

    @property
    def contrast(self) -> int:
        """How plainly the cells differ: 2 where they are to be taken differently, 1 where they only read differently, 0."""
        tones = {cell.finding.tone for cell in self.cells if cell.finding is not None and cell.is_reviewed}
        return 2 if len(tones) > 1 else int(self.differs)


@dataclass(frozen=True)
class Group:
    """Rows under the name that their criteria share."""

    name: str
    rows: list[Row]

    @property
    def differing(self) -> int:
        """How many of the rows differ."""
        return sum(row.differs for row in self.rows)


@dataclass(frozen=True)
class Table:
    """A comparison ready to be drawn."""

    caption: str
    therapies: list[Therapy]
    rows: list[Row]
    references: dict[int, Reference]
    """The sources that the page around it does not list yet, by the number their cells show."""

    @property
    def groups(self) -> list[Group]:
        """Rows under their criteria's group names, the groups in order."""
        groups: dict[str, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.criterion.group, []).append(row)
        return [Group(name, rows) for name, rows in groups.items()]

    @property
    def differing(self) -> int:
        """How many of its rows differ."""
        return sum(row.differs for row in self.rows)

    @property
    def grades(self) -> list[EvidenceGrade]:
        """The evidence grades that its cells show, the surest first."""
        shown = {finding.grade for finding in self._shown()}
        return [grade for grade in EvidenceGrade if grade in shown]

    @property
    def tones(self) -> list[Tone]:
        """The tones that its cells show."""
        shown = {finding.tone for finding in self._shown()}
        return [tone for tone in Tone if tone in shown]

    def _shown(self) -> list[Finding]:
        cells = (cell for row in self.rows for cell in row.cells)
        return [cell.finding for cell in cells if cell.finding is not None and cell.is_reviewed]

    def only_differences(self) -> Table:
        """Return the table without the rows that are the same for all; what is left keeps its reference numbers."""
        rows = [row for row in self.rows if row.differs]
        cited = {cell.reference_number for row in rows for cell in row.cells}
        references = {number: reference for number, reference in self.references.items() if number in cited}
        return replace(self, rows=rows, references=references)


def build(
    *,
    caption: str,
    therapies: Sequence[Therapy],
    criteria: Sequence[Criterion],
    findings: Iterable[Finding],
    numbers: Mapping[int, int] | None = None,
    differing_first: bool = False,
) -> Table:
    """Return the table of `therapies` by `criteria`; every cell exists, also where there is no finding.

    Args:
        caption: the table's caption.
        therapies: columns, in order.
        criteria: rows, in order.
        findings: cells; those of other therapies or criteria are passed over.
        numbers: reference id to number, where the page around the table has a list already. Sources that it lacks are
            numbered after it in reading order, so that no cell loses its source.
        differing_first: whether, within a group, rows that differ more plainly come before those that differ less.
    """
    by_cell = {(finding.therapy_id, finding.criterion_id): finding for finding in findings}
    rows = [
        Row(criterion, [Cell(therapy, by_cell.get((therapy.pk, criterion.pk)), None) for therapy in therapies])
        for criterion in criteria
    ]
    if differing_first:
        # Sorting keeps the criteria's order among rows that differ alike.
        rows.sort(key=lambda row: -row.contrast)
        order = {name: place for place, name in enumerate(dict.fromkeys(each.group for each in criteria))}
        rows.sort(key=lambda row: order[row.criterion.group])
    numbering = dict(numbers or {})
    references: dict[int, Reference] = {}
    numbered = [
        Row(row.criterion, [replace(cell, reference_number=_number(cell, numbering, references)) for cell in row.cells])
        for row in rows
    ]
    return Table(caption, list(therapies), numbered, references)


def _number(cell: Cell, numbering: dict[int, int], references: dict[int, Reference]) -> int | None:
    """Return the number of the cell's source; one that has none yet gets the next and is noted in both."""
    source = cell.finding.reference if cell.finding is not None else None
    if source is None:
        return None
    following = max(numbering.values(), default=0) + 1
    number = numbering.setdefault(source.pk, following)
    if number == following:
        references[number] = source
    return number


def canonical(slugs: Iterable[str]) -> str:
    """Return the one address part for a set of therapies: each slug once, in alphabetical order."""
    return SEPARATOR.join(sorted(set(slugs)))
