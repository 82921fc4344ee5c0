"""Which slots a consultant's rules offer, and the reasons against other times. Pure: rules and `now` are given.

Working hours are local: each date's hours are turned into instants by that date's own offset, so a clock change moves
nothing. How long a visit takes is real time, and it is over when the hours are over; see `working_days`.

There is one source of truth: `AvailabilityRules.explain` lists what stands against a start, and a start is bookable when that is
nothing. The list that visitors choose from is `AvailabilityRules.starts`, which asks the same of whole days and in numbers, because
there are thousands of times; tests/consultations/booking compares the two over wild rules.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import zoneinfo
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from consultations.booking.working_days import Closed, Day, Hours, Shared, WorkingDays

GRID_MINUTES = 5
GRID_SECONDS = GRID_MINUTES * 60
DAY = dt.timedelta(days=1)


class ReasonKind(StrEnum):
    """What can stand against a start."""

    PAST = "past"
    OFF_GRID = "off_grid"
    NOT_HERE = "not_here"
    REPEATED = "repeated"
    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    DOES_NOT_FIT = "does_not_fit"
    BETWEEN_STARTS = "between_starts"
    LEAVE = "leave"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    DAY_FULL = "day_full"
    KIND_FULL = "kind_full"
    TAKEN = "taken"


# Rules that staff may set aside with a reason. The others are no rules but facts.
OVERRIDABLE = frozenset(ReasonKind) - {ReasonKind.PAST, ReasonKind.OFF_GRID, ReasonKind.NOT_HERE, ReasonKind.TAKEN}


class Reason(NamedTuple):
    """One thing that stands against a start, with a sentence for staff."""

    why: ReasonKind
    text: str


class Visit(NamedTuple):
    """What is to be booked; lengths in minutes."""

    kind: int
    minutes: int
    interval: int
    before: int = 0
    after: int = 0
    notice: int = 0
    window_days: int = 730
    daily_cap: int | None = None


class BusyTime(NamedTuple):
    """An appointment or hold: the time it keeps busy with its buffers, when the visit begins, and its kind.

    Times are seconds since 1970 (UTC): there may be tens of thousands, and a number needs no parsing.
    """

    busy_from: int
    busy_until: int
    starts_at: int
    kind: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that can be booked, and the consultants who are free for it."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    consultants: tuple[int, ...]


@dataclass(frozen=True)
class AvailabilityRules:
    """The rules and bookings of one consultant at one place, for one kind of visit.

    `exceptions` replace the weekly hours of a date; an empty one closes it. `taken` is in order of `busy_from`. Plans that were
    read together share the working days of equal hours.
    """

    consultant: int
    zone: zoneinfo.ZoneInfo
    visit: Visit
    hours: Sequence[Hours] = ()
    exceptions: Mapping[dt.date, Sequence[tuple[dt.time, dt.time]]] = field(default_factory=dict)
    leave: Sequence[tuple[dt.datetime, dt.datetime]] = ()
    closures: Sequence[Closed] = ()
    daily_cap: int | None = None
    taken: Sequence[BusyTime] = ()
    shared: Shared = field(default_factory=Shared, repr=False, compare=False)

    def starts(self, *, begin: dt.datetime, end: dt.datetime, now: dt.datetime) -> Iterator[dt.datetime]:
        """Yield the bookable starts from `begin` until before `end`, in order; computed only as far as they are asked for."""
        for second in self._free(begin, end, now):
            yield dt.datetime.fromtimestamp(second, dt.UTC)

    def first(self, *, begin: dt.datetime, end: dt.datetime, now: dt.datetime) -> int | None:
        """Return the first of these as seconds since 1970."""
        return next(self._free(begin, end, now), None)

    def _free(self, begin: dt.datetime, end: dt.datetime, now: dt.datetime) -> Iterator[int]:
        """Yield the same as seconds since 1970: what stands against whole days first, then what is taken."""
        first, last, days = _looked_at(self.zone, self.visit, begin, end, now)
        for day in days:
            starts = self._working_days.starts(day)
            low, high = bisect_left(starts, first), bisect_left(starts, last)
            if low < high and next(self._against_caps(day), None) is None:
                yield from self._not_taken(starts, low, high)

    def _not_taken(self, starts: Sequence[int], low: int, high: int) -> Iterator[int]:
        busy_from, busy_until = self._runs
        before, after = self.visit.before * 60, (self.visit.minutes + self.visit.after) * 60
        run = bisect_right(busy_until, starts[low] - before)
        while low < high:
            start = starts[low]
            while run < len(busy_until) and busy_until[run] <= start - before:
                run += 1
            if run < len(busy_from) and busy_from[run] < start + after:
                # Nothing is free before this is over.
                low = bisect_left(starts, busy_until[run] + before, low + 1)
                continue
            if not start % GRID_SECONDS and not self._on_leave(start):
                yield start
            low += 1

    def _on_leave(self, start: int) -> bool:
        end = start + self.visit.minutes * 60
        return any(away_from < end and start < away_until for away_from, away_until in self._away)

    def hours_between(self, begin: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return from when until when the consultant works between two instants, in order; leave is taken away."""
        first, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        # Hours of the evening before may go on past midnight.
        spans = [(max(opens, begin), min(closes, end)) for opens, closes in self._working_days.spans(first - DAY, last)]
        return [part for opens, closes in spans if opens < closes for part in self._without_leave((opens, closes))]

    def _without_leave(self, span: tuple[dt.datetime, dt.datetime]) -> list[tuple[dt.datetime, dt.datetime]]:
        parts = [span]
        for away_from, away_until in self.leave:
            parts = [
                part
                for opens, closes in parts
                for part in ((opens, min(closes, away_from)), (max(opens, away_until), closes))
                if part[0] < part[1]
            ]
        return parts

    def explain(self, start: dt.datetime, *, now: dt.datetime) -> list[Reason]:
        """Return all that stands against a start."""
        # In UTC: sums of times in a zone are sums on its clock, and a time shown twice equals nothing.
        return list(self._reasons(start.astimezone(dt.UTC), now))

    def _reasons(self, start: dt.datetime, now: dt.datetime) -> Iterator[Reason]:
        if self._is_taken(start):
            yield Reason(ReasonKind.TAKEN, "Another appointment, with what is kept free around it, needs this time.")
        local = start.astimezone(self.zone)
        yield from self._against_clock(start, local, now)
        yield from self._against_hours(start, local)
        yield from self._against_caps(local.date())

    def _against_clock(self, start: dt.datetime, local: dt.datetime, now: dt.datetime) -> Iterator[Reason]:
        if start <= now:
            yield Reason(ReasonKind.PAST, "This time has passed.")
        elif start < now + dt.timedelta(minutes=self.visit.notice):
            hours, rest = divmod(self.visit.notice, 60)
            ahead = f"{self.visit.notice} minutes" if rest or hours == 1 else f"{hours} hours"
            yield Reason(ReasonKind.TOO_SOON, f"Visitors book at least {ahead} ahead.")
        if start.minute % GRID_MINUTES or start.second or start.microsecond:
            yield Reason(ReasonKind.OFF_GRID, "Visits start on multiples of 5 minutes.")
        if self._is_beyond_window(local, now):
            yield Reason(ReasonKind.TOO_FAR, f"Times can be booked {self.visit.window_days} days ahead.")

    def _against_hours(self, start: dt.datetime, local: dt.datetime) -> Iterator[Reason]:
        day, end = self._working_days.day(local.date()), start + self.length
        if day.closed:
            yield Reason(ReasonKind.CLOSED, day.closed)
        elif start not in day.starts:
            yield self._why_no_start(start, local, day)
        if any(away_from < end and start < away_until for away_from, away_until in self.leave):
            yield Reason(ReasonKind.LEAVE, "The consultant is on leave.")

    def _why_no_start(self, start: dt.datetime, local: dt.datetime, day: Day) -> Reason:
        within = [span for span in day.spans if span[0] <= start < span[1]]
        if not within:
            return Reason(ReasonKind.OUTSIDE_HOURS, "The consultant does not work at this time.")
        if all(start + self.length > ends for _, ends in within):
            return Reason(
                ReasonKind.DOES_NOT_FIT, f"A visit of {self.visit.minutes} minutes would end after the hours do."
            )
        if local.fold:
            return Reason(
                ReasonKind.REPEATED, "The clock shows this time twice on that day; it is offered the first time."
            )
        return Reason(
            ReasonKind.BETWEEN_STARTS,
            f"Starts are every {self.visit.interval} minutes from the beginning of the hours.",
        )

    def _against_caps(self, day: dt.date) -> Iterator[Reason]:
        if self.daily_cap is not None and self._visits[day] >= self.daily_cap:
            yield Reason(
                ReasonKind.DAY_FULL, f"The consultant has {self.daily_cap} visits that day, which is the most."
            )
        if self.visit.daily_cap is not None and self._visits[day, self.visit.kind] >= self.visit.daily_cap:
            yield Reason(
                ReasonKind.KIND_FULL,
                f"The consultant has {self.visit.daily_cap} visits of this kind that day, which is the most.",
            )

    def _is_beyond_window(self, local: dt.datetime, now: dt.datetime) -> bool:
        days = self.visit.window_days
        return local.date() > now.astimezone(self.zone).date() + days * DAY

    def _is_taken(self, start: dt.datetime) -> bool:
        begins = int(start.timestamp())
        busy_from = begins - self.visit.before * 60
        busy_until = begins + (self.visit.minutes + self.visit.after) * 60
        # What begins earlier than the longest one before us is over when we begin.
        first = bisect_left(self._busy_starts, busy_from - self._longest)
        last = bisect_left(self._busy_starts, busy_until)
        return any(self.taken[number].busy_until > busy_from for number in range(first, last))

    @cached_property
    def length(self) -> dt.timedelta:
        """How long the visit takes."""
        return dt.timedelta(minutes=self.visit.minutes)

    @cached_property
    def _working_days(self) -> WorkingDays:
        return self.shared.days_of(
            self.zone, self.length, self.visit.interval, self.hours, self.exceptions, self.closures
        )

    @cached_property
    def _away(self) -> list[tuple[float, float]]:
        return [(away_from.timestamp(), away_until.timestamp()) for away_from, away_until in self.leave]

    @cached_property
    def _runs(self) -> tuple[list[int], list[int]]:
        """From when until when something is taken without a break: two lists in order."""
        begins: list[int] = []
        ends: list[int] = []
        for busy_from, busy_until, _, _ in self.taken:
            if ends and busy_from <= ends[-1]:
                ends[-1] = max(ends[-1], busy_until)
            else:
                begins.append(busy_from)
                ends.append(busy_until)
        return begins, ends

    @cached_property
    def _busy_starts(self) -> list[int]:
        return [one.busy_from for one in self.taken]

    @cached_property
    def _longest(self) -> int:
        return max((one.busy_until - one.busy_from for one in self.taken), default=0)

    @cached_property
    def _visits(self) -> Counter[dt.date | tuple[dt.date, int]]:
        days = [(dt.datetime.fromtimestamp(one.starts_at, self.zone).date(), one.kind) for one in self.taken]
        return Counter(itertools.chain(days, (day for day, _ in days)))


@lru_cache(maxsize=512)
def _looked_at(
    zone: zoneinfo.ZoneInfo, visit: Visit, begin: dt.datetime, end: dt.datetime, now: dt.datetime
) -> tuple[int, int, list[dt.date]]:
    """Return from which second until before which a visit may be booked, and the local dates of it; the same for all in a zone."""
    soonest = max(begin, now + dt.timedelta(minutes=visit.notice)).timestamp()
    # What begins at this very moment has passed.
    first, last = max(math.ceil(soonest), math.floor(now.timestamp()) + 1), math.ceil(end.timestamp())
    beyond = now.astimezone(zone).date() + visit.window_days * DAY
    day, last_day = begin.astimezone(zone).date(), min(end.astimezone(zone).date(), beyond)
    return first, last, [day + number * DAY for number in range((last_day - day).days + 1)]
