"""A day of the agenda with one column for each consultant, and a week with one line for each.

Hours and free times are those that visitors are offered (booking/schedule.py); appointments are those that the reader may see.
What else takes a consultant's time, elsewhere or unseen, is "taken" without a word about it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from consultations.admin.agenda.asked import Asked
from consultations.admin.agenda.lists import DayOfLines, Line
from consultations.admin.agenda.pieces import Busy, Piece, Span, cut
from consultations.booking import schedule
from consultations.booking.availability import AvailabilityRules
from consultations.clocks import wording
from consultations.models import Consultant
from consultations.models.place import Viewer

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
OFFICE = (dt.time(9), dt.time(17))
# Rows of five minutes of what is shown shortest; a longer piece needs no higher rows.
ROOMY = 3
# More columns than these nobody reads beside each other.
MOST = 20

type Where = int | None


@dataclass
class Diary:
    """What is known of one consultant: hours, free times with their place, appointments, and what else is taken."""

    pk: int
    name: str
    hours: list[Span] = field(default_factory=list)
    free: dict[dt.datetime, Where] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        """Where it is, in words, where the agenda is of several places."""
        return ", ".join(sorted(self.places))

    def of(self, begin: dt.datetime, end: dt.datetime) -> Diary:
        """Return what there is of it between two instants."""
        return Diary(
            self.pk,
            self.name,
            [(max(opens, begin), min(closes, end)) for opens, closes in self.hours if opens < end and closes > begin],
            {start: where for start, where in self.free.items() if begin <= start < end},
            [line for line in self.lines if begin <= line.appointment.starts_at < end],
            {(first, last) for first, last in self.taken if first < end.timestamp() and last > begin.timestamp()},
        )

    @property
    def busy(self) -> list[Busy[Line]]:
        """What is taken, in order."""
        visits = [
            Busy(row.busy_from, row.busy_until, row.starts_at, row.ends_at, line)
            for line in self.lines
            for row in [line.appointment]
        ]
        seen = {int(one.busy_from.timestamp()) for one in visits}
        unseen = [
            Busy[Line](first, last, first, last)
            for first, last in ((_instant(a), _instant(b)) for a, b in self.taken if a not in seen)
        ]
        return sorted([*visits, *unseen], key=lambda one: one.busy_from)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.hours or self.lines)


@dataclass(frozen=True)
class Link:
    """A free time to press."""

    clock: str
    address: str
    where: str


@dataclass(frozen=True)
class Block:
    """A piece with its words."""

    piece: Piece[Line]
    times: str
    links: list[Link]


@dataclass(frozen=True)
class Column:
    """A consultant's day; `place` is said where columns of several places stand beside each other."""

    name: str
    place: str
    blocks: list[Block]


@dataclass(frozen=True)
class Day:
    """A local date as columns; `hours` are what the clock shows at each hour, `roomy` how many rows the shortest piece has."""

    date: dt.date
    closed: list[str]
    columns: list[Column]
    hours: list[str]
    roomy: int
    left_out: int


@dataclass(frozen=True)
class Cell:
    """A consultant's day at a glance."""

    day: str
    visits: int
    booked: str
    offered: str
    free: Link | None
    free_count: int


@dataclass(frozen=True)
class Week:
    """Seven dates: for each its heading and address, and for each consultant a line of cells."""

    days: list[tuple[DayOfLines, str]]
    lines: list[tuple[str, str, list[Cell]]]


def diaries(asked: Asked, user: Viewer, listed: list[DayOfLines], now: dt.datetime) -> list[Diary]:
    """Return those who work on the days or have appointments then, by name; six queries and one."""
    found: dict[int, Diary] = {}
    for line in (line for day in listed for line in day.lines):
        who = line.appointment.consultant
        found.setdefault(who.pk, Diary(who.pk, who.public_name)).lines.append(line)
    if asked.kind is not None:
        read = schedule.read(asked.kind, centers=asked.places, begin=asked.begin, end=asked.end, now=now)
        known = {one.pk: one for one in Consultant.objects.visible_to(user)}
        for where, plan in ((where, plan) for where, plans in read.plans.items() for plan in plans):
            if plan.consultant in known and (asked.consultant is None or asked.consultant.pk == plan.consultant):
                diary = found.setdefault(plan.consultant, Diary(plan.consultant, read.names[plan.consultant]))
                _add(diary, plan, where, asked, now)
    return sorted((one for one in found.values() if not one.is_empty), key=lambda one: (one.name, one.pk))


def _add(diary: Diary, plan: AvailabilityRules, where: Where, asked: Asked, now: dt.datetime) -> None:
    if asked.center is None and where is not None:
        diary.places |= {center.name for center in asked.places if center.pk == where}
    diary.hours = _joined([*diary.hours, *plan.hours_between(asked.begin, asked.end)])
    for start in plan.starts(begin=asked.begin, end=asked.end, now=now):
        diary.free.setdefault(start, where)
    diary.free = dict(sorted(diary.free.items()))
    begin, end = asked.begin.timestamp(), asked.end.timestamp()
    diary.taken |= {
        (one.busy_from, one.busy_until) for one in plan.taken if one.busy_from < end and one.busy_until > begin
    }


def _joined(spans: list[Span]) -> list[Span]:
    """Return the same times in order and apart from each other."""
    joined: list[Span] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def day(asked: Asked, listed: DayOfLines, found: list[Diary]) -> Day:
    """Return the one date of an agenda as columns."""
    # Of too many, those whom somebody comes to see come first.
    shown = sorted(found, key=lambda one: not one.lines)[:MOST] if len(found) > MOST else found
    begin, end = _hours_shown(asked, shown)
    columns, shortest = [], ROOMY
    for diary in shown:
        pieces = cut(begin, end, busy=diary.busy, hours=diary.hours, starts=list(diary.free))
        shortest = min([shortest, *(piece.rows for piece in pieces if piece.what or piece.starts)])
        columns.append(Column(diary.name, diary.place, [_block(piece, diary, asked) for piece in pieces]))
    hours = [wording.clock(begin + number * HOUR, asked.zone) for number in range((end - begin) // HOUR)]
    return Day(listed.date, listed.closed, columns, hours, shortest, len(found) - len(shown))


def _hours_shown(asked: Asked, found: list[Diary]) -> tuple[dt.datetime, dt.datetime]:
    """Return whole hours on the clock around everything there is; office hours where there is nothing."""
    office = [asked.edge(asked.first) + (hour.hour * HOUR) for hour in OFFICE]
    begins = [span[0] for one in found for span in one.hours] + [busy.busy_from for one in found for busy in one.busy]
    ends = [span[1] for one in found for span in one.hours] + [busy.busy_until for one in found for busy in one.busy]
    first, last = min(begins, default=office[0]), max(ends, default=office[1])
    begin = first - first.astimezone(asked.zone).minute * MINUTE
    return begin, begin + -((begin - last) // HOUR) * HOUR


def _block(piece: Piece[Line], diary: Diary, asked: Asked) -> Block:
    times = f"{wording.clock(piece.begins, asked.zone)}–{wording.clock(piece.ends, asked.zone)}"
    return Block(piece, times, [_link(start, diary, asked) for start in piece.starts])


def _link(start: dt.datetime, diary: Diary, asked: Asked) -> Link:
    where = diary.free[start]
    names = {center.pk: center.name for center in asked.places}
    named = names.get(where, "") if where and asked.center is None else ""
    return Link(wording.clock(start, asked.zone), asked.slot(start, diary.pk, where), named)


def week(asked: Asked, listed: list[DayOfLines], found: list[Diary]) -> Week:
    """Return seven dates at a glance."""
    lines = [(one.name, one.place, [_cell(one, date, asked) for date in asked.dates]) for one in found]
    return Week([(one, asked.on(one.date)) for one in listed], lines)


def _cell(diary: Diary, date: dt.date, asked: Asked) -> Cell:
    of_day = diary.of(asked.edge(date), asked.edge(date + dt.timedelta(days=1)))
    booked = sum((line.appointment.minutes for line in of_day.lines), 0)
    offered = sum((round((closes - opens) / MINUTE) for opens, closes in of_day.hours), 0)
    first = next(iter(of_day.free), None)
    return Cell(
        asked.on(date),
        len(of_day.lines),
        in_hours(booked),
        in_hours(offered),
        _link(first, of_day, asked) if first else None,
        len(of_day.free),
    )


def in_hours(minutes: int) -> str:
    """Return minutes as `7 h 30`, `45 min`, or nothing for none."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min" if rest else ""
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def _instant(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
