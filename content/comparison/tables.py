"""Lays out therapies, criteria and findings as a table; canonical order of a comparison's address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True)
class Table:
    """A comparison ready to be drawn."""

    caption: str
    therapies: list[Therapy]
    rows: list[Row]
    references: dict[int, Reference]
    """The sources that the page around it does not list yet, by the number their cells show."""

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """Rows under their criteria's group names, in order."""
        groups: list[tuple[str, list[Row]]] = []
        for row in self.rows:
            if not groups or groups[-1][0] != row.criterion.group:
                groups.append((row.criterion.group, []))
            groups[-1][1].append(row)
        return groups


def build(
    *,
    caption: str,
    therapies: Sequence[Therapy],
    criteria: Sequence[Criterion],
    findings: Iterable[Finding],
    numbers: Mapping[int, int] | None = None,
) -> Table:
    """Return the table of `therapies` by `criteria`; every cell exists, also where there is no finding.

    Args:
        caption: the table's caption.
        therapies: columns, in order.
        criteria: rows, in order.
        findings: cells; those of other therapies or criteria are passed over.
        numbers: reference id to number, where the page around the table has a list already. Sources that it lacks are
            numbered after it in reading order, so that no cell loses its source.
    """
    by_cell = {(finding.therapy_id, finding.criterion_id): finding for finding in findings}
    numbering = dict(numbers or {})
    references: dict[int, Reference] = {}
    rows = []
    for criterion in criteria:
        cells = []
        for therapy in therapies:
            finding = by_cell.get((therapy.pk, criterion.pk))
            number = None
            if finding is not None and finding.reference is not None:
                following = max(numbering.values(), default=0) + 1
                number = numbering.setdefault(finding.reference.pk, following)
                if number == following:
                    references[number] = finding.reference
            cells.append(Cell(therapy, finding, number))
        rows.append(Row(criterion, cells))
    return Table(caption, list(therapies), rows, references)


def canonical(slugs: Iterable[str]) -> str:
    """Return the one address part for a set of therapies: each slug once, in alphabetical order."""
    return SEPARATOR.join(sorted(set(slugs)))
