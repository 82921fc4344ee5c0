"""How one consultant's day is cut into pieces that follow each other without a break: visits, gaps, free times. Pure.

Pieces are as long as their time, in rows of five minutes of real time: on a day on which the clock changes, an hour is missing or
there twice, and the rows still say how long something takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ROW = dt.timedelta(minutes=5)
# A link has to be high enough to be hit: free times that follow each other sooner share a piece.
SHORTEST = dt.timedelta(minutes=15)

type Span = tuple[dt.datetime, dt.datetime]


class Kind(StrEnum):
    """What a piece of a day is."""

    VISIT = "visit"
    KEPT = "kept"
    BUSY = "busy"
    FREE = "free"
    GAP = "gap"
    OFF = "off"


class Busy[T](NamedTuple):
    """Time that is taken: with what is kept free around it, the visit itself, and what it is; None is not told."""

    busy_from: dt.datetime
    busy_until: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    what: T | None = None


@dataclass(frozen=True)
class Piece[T]:
    """From when until when, what it is, the visit, and the free times that begin in it."""

    begins: dt.datetime
    ends: dt.datetime
    kind: Kind
    what: T | None = None
    starts: tuple[dt.datetime, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it is high."""
        return max((self.ends - self.begins) // ROW, 1)

    @property
    def hours(self) -> int:
        """Whole hours of it, as the style sheet counts."""
        return self.rows // 12

    @property
    def rest(self) -> int:
        """Rows beyond these."""
        return self.rows % 12


def cut[T](
    begin: dt.datetime,
    end: dt.datetime,
    *,
    busy: Sequence[Busy[T]],
    hours: Sequence[Span],
    starts: Sequence[dt.datetime],
) -> list[Piece[T]]:
    """Return the pieces from `begin` to `end`.

    Args:
        begin: when the first piece begins.
        end: when the last one ends, unless something taken goes on.
        busy: what is taken, in order.
        hours: when the consultant works, in order and apart from each other.
        starts: the free times, in order.
    """
    pieces: list[Piece[T]] = []
    at = begin
    for one in busy:
        pieces += _gap(at, min(one.busy_from, end), hours, starts)
        if one.what is None:
            pieces.append(Piece(max(one.busy_from, at), one.busy_until, Kind.BUSY))
        else:
            pieces += _visit(one)
        at = max(at, one.busy_until)
    return [*pieces, *_gap(at, end, hours, starts)]


def _visit[T](one: Busy[T]) -> Iterator[Piece[T]]:
    if one.busy_from < one.starts_at:
        yield Piece(one.busy_from, one.starts_at, Kind.KEPT)
    yield Piece(one.starts_at, one.ends_at, Kind.VISIT, one.what)
    if one.ends_at < one.busy_until:
        yield Piece(one.ends_at, one.busy_until, Kind.KEPT)


def _gap[T](
    begin: dt.datetime, end: dt.datetime, hours: Sequence[Span], starts: Sequence[dt.datetime]
) -> list[Piece[T]]:
    """Return what there is between two visits: hours with their free times, and the rest."""
    pieces: list[Piece[T]] = []
    at = begin
    for opens, closes in hours:
        first, last = max(opens, at), min(closes, end)
        if first >= last:
            continue
        if at < first:
            pieces.append(Piece(at, first, Kind.OFF))
        pieces += _open(first, last, [start for start in starts if first <= start < last])
        at = last
    return [*pieces, Piece(at, end, Kind.OFF)] if at < end else pieces


def _open[T](begin: dt.datetime, end: dt.datetime, starts: list[dt.datetime]) -> Iterator[Piece[T]]:
    groups: list[list[dt.datetime]] = []
    for start in starts:
        if groups and start - groups[-1][0] < SHORTEST:
            groups[-1].append(start)
        else:
            groups.append([start])
    edges = [*(group[0] for group in groups), end]
    if begin < edges[0]:
        yield Piece(begin, edges[0], Kind.GAP)
    for group, last in zip(groups, edges[1:], strict=True):
        yield Piece(group[0], last, Kind.FREE, starts=tuple(group))
