"""Months and years of counted days: the sums that the worker writes down, so that three years are read as some 45 rows of a center.

A sum is written once all its days are, and taken away in the transaction that counts one of them anew. Until the worker adds it up
again, its months or days are read in its place.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from consultations.models import DayCount
from consultations.models.fields import Unreadable
from consultations.reports.asked import DAY, Asked, midnight
from consultations.reports.counting import Counts

Span = DayCount.Span

# A span by its kind and its first day.
type Part = tuple[str, dt.date]

# The numbers of a row that are of visits.
VISITS = ("attended", "no_shows", "booked_minutes", "phone_attended", "phone_no_shows")
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
    there = set(complete().filter(day__range=(asked.first, asked.last)).values_list("span", "day"))
    there -= {_holding(span, day) for span in Span for day in late}
    found: list[Part] = []
    day = asked.first
    while day <= asked.last:
        parts = [(span, day) for span in WIDEST_FIRST if (span, day) in there]
        part = next((one for one in parts if after(one) <= asked.last + DAY), None)
        found += [part] if part else []
        day = after(part or (Span.DAY, day))
    return found


def complete() -> QuerySet[DayCount]:
    """Return the rows of all places together, one for each span that is written down with all that is counted today."""
    return DayCount.objects.filter(everywhere=True, booked_minutes__isnull=False).order_by()


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


def days_of(parts: Iterable[Part]) -> Q:
    """Return the condition that a row is of one of the days in these spans, which are in their order."""
    found = Q(pk__in=[])
    for first, until in _together(parts):
        found |= Q(span=Span.DAY, day__gte=first, day__lt=until)
    return found


def others(parts: Iterable[Part], asked: Asked, field: str) -> Q:
    """Return the condition that an instant is among what was asked for, on a day in none of these spans, which are in their order."""
    # Of no day, none: an empty condition would be fulfilled by all.
    found, begin = Q(pk__in=[]), asked.first
    for first, until in [*_together(parts), (asked.last + DAY, asked.last + DAY)]:
        if begin < first:
            found |= Q(**{f"{field}__gte": midnight(begin), f"{field}__lt": midnight(first)})
        begin = until
    return found


def _together(parts: Iterable[Part]) -> list[tuple[dt.date, dt.date]]:
    """Return the same days as few ranges: the first day of each, and the first that is no longer in it."""
    found: list[tuple[dt.date, dt.date]] = []
    for part in parts:
        first = found.pop()[0] if found and found[-1][1] == part[1] else part[1]
        found.append((first, after(part)))
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
        there = set(complete().filter(span__in=(span, part)).values_list("span", "day"))
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
            ours = rows.filter(pk__in=complete().values("pk")).order_by("day").select_for_update()
            if len(ours) < len(parts):
                return
            found: dict[tuple[int | None, bool], Counts] = defaultdict(Counts)
            visits: dict[tuple[int | None, bool], Counter[str]] = defaultdict(Counter)
            seen = 0
            for row in rows.order_by().iterator():
                # A lost key: what cannot be read is not added up.
                if isinstance(row.counts, Unreadable):
                    return
                found[row.center_id, row.everywhere].add(Counts.from_text(row.counts))
                visits[row.center_id, row.everywhere].update({name: getattr(row, name) for name in VISITS})
                seen = max(seen, row.seen)
            # An earlier release may have written the sum, without visits.
            DayCount.objects.filter(span=whole[0], day=whole[1]).delete()
            DayCount.objects.bulk_create(
                DayCount(
                    day=whole[1],
                    span=whole[0],
                    center_id=key[0],
                    everywhere=key[1],
                    requests=one.requests,
                    counts=one.as_text(),
                    seen=seen,
                    **visits[key],
                )
                for key, one in found.items()
            )
    except IntegrityError:
        # Another worker has just written it.
        return
