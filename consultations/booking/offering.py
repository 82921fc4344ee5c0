"""The starts at which at least one of several consultants is free, in order, or the first of them alone. Pure."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Iterable, Iterator

from consultations.booking.availability import AvailabilityRules, Slot


def offers(
    plans: Iterable[AvailabilityRules], *, begin: dt.datetime, end: dt.datetime, now: dt.datetime
) -> Iterator[Slot]:
    """Yield the starts at which at least one of several consultants can be booked, in order, with who is free."""
    by_consultant = [zip(plan.starts(begin=begin, end=end, now=now), itertools.repeat(plan)) for plan in plans]
    merged = heapq.merge(*by_consultant, key=lambda found: found[0])
    for start, group in itertools.groupby(merged, key=lambda found: found[0]):
        free = [plan for _, plan in group]
        yield Slot(start, start + free[0].length, tuple(plan.consultant for plan in free))


def first_offer(
    plans: Iterable[AvailabilityRules], *, begin: dt.datetime, end: dt.datetime, now: dt.datetime
) -> Slot | None:
    """Return the first of `offers`, or None for none, without looking at any other."""
    found = [(second, plan) for plan in plans if (second := plan.first(begin=begin, end=end, now=now)) is not None]
    if not found:
        return None
    soonest = min(second for second, _ in found)
    free = [plan for second, plan in found if second == soonest]
    start = dt.datetime.fromtimestamp(soonest, dt.UTC)
    return Slot(start, start + free[0].length, tuple(plan.consultant for plan in free))
