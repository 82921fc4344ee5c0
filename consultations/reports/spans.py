"""Months and years of counted days: the sums that the worker writes down, so that three years are read as some 45 rows of a center.

A sum is written once all its days are, and taken away in the transaction that counts one of them anew. Until the worker adds it up
again, its months or days are read in its place.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import Q

from consultations.models import DayCount
from consultations.models.fields import Unreadable
from consultations.reports.asked import DAY, Asked
from consultations.reports.counting import Counts

Span = DayCount.Span

# A span by its kind and its first day.
type Part = tuple[str, dt.date]

WIDEST_FIRST = (Span.YEAR, Span.MONTH, Span.DAY)


def after(part: Part) -> dt.date:
    """Return the first day that is no longer in a span."""
    span, day = part
    if span == Span.DAY:
        return day + DAY
    if span == Span.YEAR or day.month == 12:
        return dt.date(day.year + 1, 1, 1)
    return dt.date(day.year, day.month + 1, 1)


def written(asked: Asked, late: Iterable[dt.date]) -> list[Part]:
    """Return the fewest spans that are written down for the days asked for, without those that hold a late day; none overlap."""
    rows = DayCount.objects.filter(everywhere=True, day__range=(asked.first, asked.last))
    there = set(rows.values_list("span", "day"))
    there -= {_holding(span, day) for span in Span for day in late}
    found: list[Part] = []
    day = asked.first
    while day <= asked.last:
        parts = [(span, day) for span in WIDEST_FIRST if (span, day) in there]
        part = next((one for one in parts if after(one) <= asked.last + DAY), None)
        found += [part] if part else []
        day = after(part or (Span.DAY, day))
    return found


def any_of(parts: Iterable[Part]) -> Q:
    """Return the condition that a row is of one of these spans."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    for span, day in parts:
        days[span].append(day)
    # Of no span, none: an empty condition would be fulfilled by all.
    found = Q(pk__in=[])
    for span, first in days.items():
        found |= Q(span=span, day__in=first)
    return found


def take_away(day: dt.date) -> None:
    """Delete the sums that hold a day: to be called after the day was written, in the same transaction."""
    for span in (Span.MONTH, Span.YEAR):
        DayCount.objects.filter(span=span, day=_holding(span, day)[1]).delete()


def add_up(changed: Collection[dt.date], *, stop: Callable[[], bool]) -> None:
    """Write the sums that are missing: of months whose days are all written, then of years.

    One that holds a day that changed just now waits for the next call: while a month is being worked on, its days are read.
    """
    for span, part in ((Span.MONTH, Span.DAY), (Span.YEAR, Span.MONTH)):
        there = set(DayCount.objects.filter(everywhere=True, span__in=(span, part)).values_list("span", "day"))
        waiting = {_holding(span, day) for day in changed}
        missing = {_holding(span, day) for kind, day in there if kind == part} - there - waiting
        for one in sorted(missing):
            if stop():
                return
            if all(each in there for each in _parts(one, part)):
                _add_up(one, part)


def _holding(span: str, day: dt.date) -> Part:
    """Return the span of a kind that holds a day."""
    first = {Span.YEAR: day.replace(month=1, day=1), Span.MONTH: day.replace(day=1), Span.DAY: day}
    return span, first[Span(span)]


def _parts(whole: Part, kind: str) -> Iterator[Part]:
    part = (kind, whole[1])
    while part[1] < after(whole):
        yield part
        part = (kind, after(part))


def _add_up(whole: Part, kind: str) -> None:
    parts = list(_parts(whole, kind))
    try:
        with transaction.atomic():
            # Whoever counts a day anew deletes these rows first: it waits for us and takes our sum away, or we find a row missing.
            rows = DayCount.objects.filter(any_of(parts))
            ours = rows.filter(everywhere=True).order_by("day").select_for_update()
            if len(ours) < len(parts):
                return
            found: dict[tuple[int | None, bool], Counts] = defaultdict(Counts)
            seen = 0
            for row in rows.order_by().iterator():
                # A lost key: what cannot be read is not added up.
                if isinstance(row.counts, Unreadable):
                    return
                found[row.center_id, row.everywhere].add(Counts.from_text(row.counts))
                seen = max(seen, row.seen)
            DayCount.objects.bulk_create(
                DayCount(
                    day=whole[1],
                    span=whole[0],
                    center_id=center,
                    everywhere=everywhere,
                    requests=one.requests,
                    counts=one.as_text(),
                    seen=seen,
                )
                for (center, everywhere), one in found.items()
            )
    except IntegrityError:
        # Another worker has just written it.
        return
