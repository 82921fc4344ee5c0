"""When an answer to a request is due, and the sentence about closed days that delay it.

The opening hours of the center that was asked for count, without those on which it or the whole clinic is closed; where there
is no center, or it has no hours, the clinic's. docs/clock.md has examples.
"""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass, replace

from consultations.clocks import wall_clock
from consultations.clocks.business_hours import NOTHING, Week
from consultations.models import Closure
from content import hours
from content.models import Center, ClinicProfile

logger = logging.getLogger(__name__)

FALLBACK_DEADLINE = dt.timedelta(days=3)
HALF_AN_HOUR = dt.timedelta(minutes=30)
ONE_HOUR = dt.timedelta(hours=1)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ClosedDays:
    """Closures, asked whether a day is one of theirs."""

    closures: tuple[Closure, ...] = ()

    def __contains__(self, day: object) -> bool:
        """Return whether something is closed on a date."""
        return isinstance(day, dt.date) and any(one.first_day <= day <= one.last_day for one in self.closures)


OPEN = ClosedDays()


@dataclass(frozen=True)
class Promise:
    """So much business time, counted in these weekly hours on this clock, without the days of the closures."""

    length: dt.timedelta
    periods: tuple[tuple[int, dt.time, dt.time], ...]
    zone: zoneinfo.ZoneInfo
    closed: ClosedDays = OPEN

    @property
    def week(self) -> Week:
        """When its hours are."""
        return Week(self.periods, self.zone, self.closed)

    def due(self, start: dt.datetime, length: dt.timedelta | None = None) -> dt.datetime:
        """Return when so much business time has passed since `start` (UTC); without `length`, what is promised."""
        try:
            return self.week.deadline(start, self.length if length is None else length)
        except ValueError:
            return start + FALLBACK_DEADLINE

    def next_morning(self, now: dt.datetime) -> dt.datetime:
        """Return half an hour after opening (UTC) on the next day that is open."""
        return self.due(wall_clock.edge(self.today(now) + ONE_DAY, dt.time(), self.zone), HALF_AN_HOUR)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the day on its clock."""
        return now.astimezone(self.zone).date()


def of(center: Center | None, now: dt.datetime, clinic: ClinicProfile | None = None) -> Promise:
    """Return what is promised to whoever asks for this center, or for none; closures are those since the day before `now`.

    The clinic's profile is read where it is not given.
    """
    clinic = clinic or ClinicProfile.objects.first()
    return _promise(clinic, center, closures_at(center, now.date() - 2 * ONE_DAY)) if clinic else NO_PROMISE


def of_all(since: dt.date) -> dict[int | None, Promise]:
    """Return the same by the key of each center, None for none, in four queries; closures are those that end on `since` or later."""
    clinic = ClinicProfile.objects.first()
    if clinic is None:
        return defaultdict(lambda: NO_PROMISE)
    closed = list(Closure.objects.filter(last_day__gte=since).order_by("first_day", "pk"))
    found: dict[int | None, Promise] = {}
    for center in [None, *Center.objects.prefetch_related("opening_periods").order_by("pk")]:
        here = {None, center.pk} if center else {None}
        key = center.pk if center else None
        found[key] = _promise(clinic, center, [one for one in closed if one.center_id in here])
    return found


def respond_by(center: Center | None, now: dt.datetime) -> dt.datetime:
    """Return when an answer is due (UTC) to a request for this center, or for none, that arrived at `now`."""
    return of(center, now).due(now)


def later(center: Center | None, now: dt.datetime, *, hours: int | None) -> dt.datetime:
    """Return the moment (UTC) so many business hours of the center, or of the clinic, after `now`; None is the next morning."""
    promise = of(center, now)
    if promise is NO_PROMISE:
        return now + (ONE_DAY if hours is None else hours * ONE_HOUR)
    return promise.next_morning(now) if hours is None else promise.due(now, hours * ONE_HOUR)


def in_time(center: Center | None, now: dt.datetime, due: dt.datetime) -> dt.datetime:
    """Return the last moment (UTC) to try somebody to whom an answer is `due`, later than `now`.

    That is half an hour of business time before it; where less than an hour is left, half of what is left.
    """
    week = of(center, now).week
    if left := week.between(now, due):
        found = week.before(due, min(HALF_AN_HOUR, left / 2), since=now)
        if found is not None:
            return found
    return due - min(HALF_AN_HOUR, (due - now) / 2)


def delay(clinic: ClinicProfile, center: Center | None, now: dt.datetime, closures: list[Closure] | None = None) -> str:
    """Return a sentence for the visitor on the closed days that put the answer off, or "" where none does.

    The closures of the clinic and the center are read where they are not given.
    """
    if not clinic.hours:
        return ""
    today = now.astimezone(clinic.zone).date()
    since = min(today, now.date())
    read = closures_at(center, since) if closures is None else [one for one in closures if one.last_day >= since]
    promise = _promise(clinic, center, read)
    due = promise.due(now)
    if not promise.closed.closures or due == replace(promise, closed=OPEN).due(now):
        return ""
    last, first = promise.today(due), promise.today(now)
    named = [closure for closure in promise.closed.closures if closure.first_day <= last and closure.last_day >= first]
    return f"We are closed {' and '.join(map(_in_words, named))}: that time does not count."


def _promise(clinic: ClinicProfile, center: Center | None, closures: list[Closure]) -> Promise:
    length = clinic.response_hours * ONE_HOUR
    if center is not None and (own := tuple((p.weekday, p.opens, p.closes) for p in center.opening_periods.all())):
        return Promise(length, own, center.zone, ClosedDays(tuple(closures)))
    try:
        periods = tuple(hours.parse(clinic.hours))
    except ValueError:
        # Nobody's request is lost for it.
        logger.error("The clinic's business hours cannot be read; answers are due after %s", FALLBACK_DEADLINE)
        periods = ()
    return Promise(length, periods, clinic.zone, ClosedDays(tuple(one for one in closures if one.center_id is None)))


def closures_at(center: Center | None, since: dt.date) -> list[Closure]:
    """Return the closures of the clinic and of a center that end on `since` or later, the soonest first."""
    here = Closure.objects.filter(center=None)
    if center is not None:
        here |= Closure.objects.filter(center=center)
    return list(here.filter(last_day__gte=since).order_by("first_day", "pk"))


def _in_words(closure: Closure) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (closure.first_day, closure.last_day))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{when} ({closure.name})"


# Before the clinic has a profile.
NO_PROMISE = Promise(NOTHING, (), zoneinfo.ZoneInfo("UTC"))
