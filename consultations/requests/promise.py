"""When an answer to a request is due, and the sentence about closed days that delay it.

The clinic's business hours count, or the opening hours of the center that was asked for; days on which the whole clinic is
closed do not. A closure of one center puts nothing off, because the desk answers for all of them.
"""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace

from consultations.clocks import business_hours, wall_clock
from consultations.models import Closure
from content import hours
from content.models import Center, ClinicProfile

logger = logging.getLogger(__name__)

FALLBACK_DEADLINE = dt.timedelta(days=3)
HALF_AN_HOUR = 0.5
ONE_HOUR = dt.timedelta(hours=1)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Promise:
    """So many business hours, counted in these weekly hours on this clock."""

    business_hours: float
    periods: list[tuple[int, dt.time, dt.time]]
    zone: zoneinfo.ZoneInfo

    def due(self, now: dt.datetime, closures: Iterable[Closure]) -> dt.datetime:
        """Return when an answer to what arrived at `now` is due (UTC)."""
        days = {day for closure in closures for day in _days(closure, self.today(now))}
        try:
            return business_hours.deadline(
                now, business_hours=self.business_hours, periods=self.periods, zone=self.zone, holidays=days
            )
        except ValueError:
            return now + FALLBACK_DEADLINE

    def next_morning(self, now: dt.datetime, closures: Iterable[Closure]) -> dt.datetime:
        """Return half an hour after opening (UTC) on the next day that is open."""
        midnight = wall_clock.edge(self.today(now) + ONE_DAY, dt.time(), self.zone)
        return replace(self, business_hours=HALF_AN_HOUR).due(midnight, closures)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the day on its clock."""
        return now.astimezone(self.zone).date()


def respond_by(center: Center | None, now: dt.datetime) -> dt.datetime:
    """Return when an answer is due (UTC) to a request for this center, or for none, that arrived at `now`."""
    clinic = ClinicProfile.objects.first()
    if clinic is None:
        return now + FALLBACK_DEADLINE
    promise = _promise(clinic, center)
    return promise.due(now, _closures(promise, now))


def later(center: Center | None, now: dt.datetime, *, hours: int | None) -> dt.datetime:
    """Return the moment (UTC) so many business hours of the center, or of the clinic, after `now`; None is the next morning."""
    clinic = ClinicProfile.objects.first()
    if clinic is None:
        return now + (ONE_DAY if hours is None else hours * ONE_HOUR)
    promise = _promise(clinic, center)
    closures = _closures(promise, now)
    return (
        promise.next_morning(now, closures)
        if hours is None
        else replace(promise, business_hours=hours).due(now, closures)
    )


def delay(clinic: ClinicProfile, center: Center | None, now: dt.datetime) -> str:
    """Return a sentence for the visitor on the closed days that put the answer off, or "" where none does."""
    if not clinic.hours:
        return ""
    promise = _promise(clinic, center)
    closures = _closures(promise, now)
    if not closures or (due := promise.due(now, closures)) == promise.due(now, []):
        return ""
    named = [closure for closure in closures if closure.first_day <= promise.today(due)]
    return f"We are closed {' and '.join(map(_in_words, named))}: that time does not count."


def _promise(clinic: ClinicProfile, center: Center | None) -> Promise:
    if center is not None and (own := [(p.weekday, p.opens, p.closes) for p in center.opening_periods.all()]):
        return Promise(clinic.response_hours, own, center.zone)
    try:
        periods = hours.parse(clinic.hours)
    except ValueError:
        # Nobody's request is lost for it.
        logger.error("The clinic's business hours cannot be read; answers are due after %s", FALLBACK_DEADLINE)
        periods = []
    return Promise(clinic.response_hours, list(periods), clinic.zone)


def _closures(promise: Promise, now: dt.datetime) -> list[Closure]:
    """Return the clinic-wide closures that are not over, the soonest first."""
    return list(Closure.objects.filter(center=None, last_day__gte=promise.today(now)).order_by("first_day", "pk"))


def _days(closure: Closure, today: dt.date) -> Iterable[dt.date]:
    """Yield its days from today on, as far ahead as a deadline is looked for."""
    first = max(closure.first_day, today)
    last = min(closure.last_day, today + business_hours.LONGEST_SEARCH_DAYS * ONE_DAY)
    return (first + number * ONE_DAY for number in range((last - first).days + 1))


def _in_words(closure: Closure) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (closure.first_day, closure.last_day))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{when} ({closure.name})"
