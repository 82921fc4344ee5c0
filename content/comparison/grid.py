"""Saves many findings at once; refuses cells that somebody else changed meanwhile.

Whoever saves says for each changed cell what they saw. All cells are written in one transaction, or none: when somebody
else changed one of them meanwhile, `CellsChangedError` says what those cells hold now. The rows are locked before they are
compared; two who fill the same empty cell are told apart by the unique key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from content import versions
from content.choices import EvidenceGrade, Tone
from content.models import Finding

type Place = tuple[int, int]


class Cell(NamedTuple):
    """What the grid shows of a finding. A cell without a value is no finding."""

    value: str = ""
    tone: str = Tone.NEUTRAL
    grade: str = EvidenceGrade.NOT_GRADED

    @classmethod
    def of(cls, finding: Finding | None) -> Cell:
        """Return the cell of a finding, the empty one where there is none."""
        return cls(finding.value, finding.tone, finding.grade) if finding else cls()

    @property
    def words(self) -> str:
        """The cell in words, for a message."""
        if not self.value:
            return "empty"
        return f"“{self.value}”, {Tone(self.tone).label}, {EvidenceGrade(self.grade).label}"


@dataclass(frozen=True)
class Change:
    """One cell as the person saw it and as they want it; `place` is (therapy id, criterion id)."""

    place: Place
    seen: Cell
    wanted: Cell


@dataclass
class Saved:
    """What was written."""

    changed: list[Finding] = field(default_factory=list)
    added: list[Finding] = field(default_factory=list)
    removed: list[Finding] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many cells were written."""
        return len(self.changed) + len(self.added) + len(self.removed)


class CellsChangedError(Exception):
    """Somebody else changed cells meanwhile; nothing was written. `now` says what they hold."""

    def __init__(self, now: dict[Place, Cell]) -> None:
        super().__init__(f"{len(now)} of the cells were changed meanwhile")
        self.now = now


def save_cells(changes: Iterable[Change], *, reviewed_on: dt.date | None) -> Saved:
    """Write the changed cells: all or none.

    Args:
        changes: cells; those that are as they were seen, or already as wanted, are passed over.
        reviewed_on: the review date of every cell that gets a new content; None: it has to be reviewed again.

    Raises:
        CellsChangedError: a cell is neither as seen nor as wanted.
    """
    real = [change for change in changes if change.wanted != change.seen]
    if not real:
        return Saved()
    try:
        with transaction.atomic():
            found = _by_place(_rows_of(real).select_for_update(of=("self",)))
            _refuse_conflicts(real, found)
            saved = _sort(real, found, reviewed_on)
            Finding.objects.bulk_update(saved.changed, ["value", "tone", "grade", "reviewed_on"])
            Finding.objects.bulk_create(saved.added)
            Finding.objects.filter(pk__in=[finding.pk for finding in saved.removed]).delete()
            # Bulk writes send no signal.
            versions.bump()
    except IntegrityError:
        _refuse_conflicts(real, _by_place(_rows_of(real)))
        raise
    return saved


def _rows_of(changes: Sequence[Change]) -> QuerySet[Finding]:
    # A few rows more than needed, but a query whose size does not grow with the number of cells.
    therapies, criteria = zip(*(change.place for change in changes), strict=True)
    return (
        Finding.objects.filter(therapy__in=set(therapies), criterion__in=set(criteria))
        .order_by("pk")
        .select_related("therapy", "criterion")
    )


def _by_place(rows: Iterable[Finding]) -> dict[Place, Finding]:
    return {(row.therapy_id, row.criterion_id): row for row in rows}


def _refuse_conflicts(changes: Sequence[Change], found: dict[Place, Finding]) -> None:
    now = {change.place: Cell.of(found.get(change.place)) for change in changes}
    other = {each.place: now[each.place] for each in changes if now[each.place] not in (each.seen, each.wanted)}
    if other:
        raise CellsChangedError(other)


def _sort(changes: Sequence[Change], found: dict[Place, Finding], reviewed_on: dt.date | None) -> Saved:
    """Return the rows as they are to be written."""
    saved = Saved()
    for change in changes:
        finding = found.get(change.place)
        if Cell.of(finding) == change.wanted:
            continue
        if finding is None:
            therapy, criterion = change.place
            finding = Finding(therapy_id=therapy, criterion_id=criterion)
            saved.added.append(finding)
        elif change.wanted.value:
            saved.changed.append(finding)
        else:
            saved.removed.append(finding)
            continue
        finding.value, finding.tone, finding.grade = change.wanted
        finding.reviewed_on = reviewed_on
    return saved
