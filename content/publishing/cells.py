"""Proposes many findings at once; refuses cells that changed meanwhile.

Whoever proposes says for each changed cell what they saw. All cells are proposed in one transaction, or none: when one of them
was changed meanwhile, `CellsChangedError` says what those cells hold now. The rows are locked before they are compared; of two
who fill the same empty cell, the second to be approved is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from content.choices import EvidenceGrade, Tone
from content.models import Finding, ProposedChange
from content.models.version import ContentVersion
from content.publishing import changes

type Place = tuple[int, int]
# What a cell of the grid is made of.
PARTS = ("value", "tone", "grade")


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


class CellsChangedError(Exception):
    """Somebody else changed cells meanwhile; nothing was written. `now` says what they hold."""

    def __init__(self, now: dict[Place, Cell]) -> None:
        super().__init__(f"{len(now)} of the cells were changed meanwhile")
        self.now = now


def propose_cells(wanted: Iterable[Change], *, by: User, now: dt.datetime) -> list[ProposedChange]:
    """Propose the changed cells: all or none. Readers see each as soon as a reviewer approves it.

    Args:
        wanted: cells; those that are as they were seen, or already as wanted, are passed over.
        by: who wants them so.
        now: the moment.

    Raises:
        CellsChangedError: a cell is neither as seen nor as wanted.
        NotAllowed: they may not change, add or remove findings.
    """
    real = [change for change in wanted if change.wanted != change.seen]
    if not real:
        return []
    with transaction.atomic():
        ContentVersion.lock()
        found = _by_place(_rows_of(real).select_for_update(of=("self",)))
        _refuse_conflicts(real, found)
        proposed = [_propose(change, found.get(change.place), by, now) for change in real]
    return [change for change in proposed if change is not None]


def _propose(change: Change, finding: Finding | None, by: User, now: dt.datetime) -> ProposedChange | None:
    if Cell.of(finding) == change.wanted:
        return None
    if finding is not None and not change.wanted.value:
        return changes.propose_removal(finding, by=by, now=now)
    if finding is None:
        therapy, criterion = change.place
        finding = Finding(therapy_id=therapy, criterion_id=criterion)
    finding.value, finding.tone, finding.grade = change.wanted
    return changes.propose(finding, list(PARTS), by=by, now=now)


def _rows_of(wanted: Sequence[Change]) -> QuerySet[Finding]:
    # A few rows more than needed, but a query whose size does not grow with the number of cells.
    therapies, criteria = zip(*(change.place for change in wanted), strict=True)
    return (
        Finding.objects.filter(therapy__in=set(therapies), criterion__in=set(criteria))
        .order_by("pk")
        .select_related("therapy", "criterion")
    )


def _by_place(rows: Iterable[Finding]) -> dict[Place, Finding]:
    return {(row.therapy_id, row.criterion_id): row for row in rows}


def _refuse_conflicts(wanted: Sequence[Change], found: dict[Place, Finding]) -> None:
    now = {change.place: Cell.of(found.get(change.place)) for change in wanted}
    other = {each.place: now[each.place] for each in wanted if now[each.place] not in (each.seen, each.wanted)}
    if other:
        raise CellsChangedError(other)
