"""Counts of days that are over: written down by the worker, and read in place of the requests themselves.

Whatever changes a count leaves a line of history (`Activity`). The worker counts a day anew once a line was written about one of
its requests; until it has, and for ten minutes at most, the day stands as it was counted before. A day that nobody has counted, or
that the worker is late with, is counted from the requests: the numbers are right without a worker, and only slower.
Months and years are sums of days (spans.py), read in their place.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from consultations.models import Activity, ConsultationRequest, DayCount
from consultations.models.fields import Unreadable
from consultations.models.place import Viewer, guest_appointments, reach_of
from consultations.reports import counting, spans, visits
from consultations.reports.asked import DAY, Asked
from consultations.reports.counting import Counts
from consultations.reports.spans import Span
from consultations.reports.visits import Visits

# What is written is seen a little later, when the transaction that wrote it is over.
SEEN = dt.timedelta(minutes=2)
LATE = dt.timedelta(minutes=10)
# So many days that were never counted in one go, the newest first.
MOST = 30


class Settled:
    """The numbers of one reader: of days that are written down, and of the requests of other days."""

    def __init__(self, user: Viewer, now: dt.datetime) -> None:
        self.user = user
        self.now = now
        self.late = _changed(now - LATE)
        self.reach = reach_of(user)
        self.sees_everything = self.reach.is_everything
        self._spans: dict[tuple[dt.date, dt.date], list[spans.Part]] = {}
        self._visits: dict[Asked, Visits] = {}

    def counts(self, asked: Asked) -> Counts:
        """Return the counts of the requests that the reader may see, narrowed to what was asked for."""
        rows, live = self._both(asked)
        written = list(rows.values_list("counts", flat=True))
        if any(isinstance(text, Unreadable) for text in written):
            # A lost key: the requests themselves are there still.
            return counting.together(counting.by_center(self._received(asked)).values())
        return counting.together([*map(Counts.from_text, written), *counting.by_center(live).values()])

    def total(self, asked: Asked) -> int:
        """Return how many requests that comes to."""
        rows, live = self._both(asked)
        return (rows.aggregate(Sum("requests"))["requests__sum"] or 0) + live.count()

    def _guests(self, asked: Asked) -> list[int]:
        """Return the requests at centers of others, seen because of an appointment at one of the reader's."""
        here = guest_appointments(self.reach).filter(request__visits_elsewhere=True)
        came = here.filter(request__received_at__gte=asked.begin, request__received_at__lt=asked.end)
        return list(came.exclude(self.reach.naming("request__center")).values_list("request", flat=True))

    def _received(self, asked: Asked) -> QuerySet[ConsultationRequest]:
        return asked.received(ConsultationRequest.objects.visible_to(self.user))

    def visits(self, asked: Asked) -> Visits:
        """Return the visits of these days at the reader's centers, by phone and video too for who sees everything.

        What the requests are narrowed to but a center counts for nothing here.
        """
        asked = Asked(asked.first, asked.last, asked.center)
        if asked not in self._visits:
            everything = asked.center is None and self.sees_everything
            places = Q() if everything else self.reach.at("center")
            if asked.center is not None:
                places &= Q(center=asked.center)
            self._visits[asked] = visits.of_days(asked, places, self._written(asked), everything=everything)
        return self._visits[asked]

    def visits_by_phone(self, asked: Asked) -> Counter[str]:
        """Return the visits by phone and video of these days, of the requests that name a place of the reader's."""
        return visits.by_phone(asked, self.reach, self._written(asked))

    def _written(self, asked: Asked) -> list[spans.Part]:
        days = (asked.first, asked.last)
        if days not in self._spans:
            self._spans[days] = spans.written(asked, self.late)
        return self._spans[days]

    def _both(self, asked: Asked) -> tuple[QuerySet[DayCount], QuerySet[ConsultationRequest]]:
        """Return the days that are written down, and the requests that are counted one by one."""
        if asked.therapy is not None or asked.status is not None:
            return DayCount.objects.none(), self._received(asked)
        written = self._written(asked)
        rows = DayCount.objects.filter(spans.any_of(written))
        # Their days alone: with all that were asked for as well, PostgreSQL would look through those.
        seen = asked.narrowed(ConsultationRequest.objects.visible_to(self.user)).order_by()
        live = spans.others(written, asked, "received_at")
        if asked.center is not None:
            return rows.filter(self.reach.naming("center"), center=asked.center, everywhere=False), seen.filter(live)
        if self.sees_everything:
            return rows.filter(everywhere=True), seen.filter(live)
        theirs = rows.filter(self.reach.naming("center"), everywhere=False)
        return theirs, seen.filter(live | Q(pk__in=self._guests(asked)))


def _days(asked: Asked) -> Iterable[dt.date]:
    return (asked.first + number * DAY for number in range((asked.last - asked.first).days + 1))


def _changed(until: dt.datetime) -> set[dt.date]:
    """Return the days of whose requests something was written before `until` that the worker has not seen, and of their visits."""
    if (seen := _seen()) is None:
        return set()
    lines = Activity.objects.filter(pk__gt=seen, at__lt=until).order_by()
    received = lines.values_list(TruncDate("request__received_at", tzinfo=dt.UTC), flat=True).distinct()
    visited = lines.filter(request__appointments__isnull=False)
    begun = visited.values_list(TruncDate("request__appointments__starts_at", tzinfo=dt.UTC), flat=True).distinct()
    return {*received, *begun}


def _seen() -> int | None:
    latest: int | None = DayCount.objects.aggregate(Max("seen"))["seen__max"]
    return latest


def _looked_at(until: dt.datetime) -> int:
    """Return the latest line of history up to which all were written before `until`.

    Keys are given before `at` is written: of two requests at once, the later key may have the earlier time.
    """
    later = Activity.objects.filter(pk__gt=_seen() or 0, at__gte=until).aggregate(Min("pk"))["pk__min"]
    if later is not None:
        return int(later) - 1
    return Activity.objects.aggregate(Max("pk"))["pk__max"] or 0


def count_days(*, now: dt.datetime, most: int = MOST, stop: Callable[[], bool] = lambda: False) -> int:
    """Count the days before today that have changed, and some that were never counted; return how many that were.

    Two workers may do it at once: the second finds the day written.
    """
    today = now.astimezone(dt.UTC).date()
    seen = _looked_at(now - SEEN)
    changed = sorted(day for day in _changed(now - SEEN) if day < today)
    for day in changed:
        # Only once all of them are counted is what changed them seen: a worker may die in between.
        _count(day, _seen() or seen)
    DayCount.objects.filter(everywhere=True, span=Span.DAY, day__in=changed).update(seen=seen)
    missing = 0
    for day in _never_counted(today, most):
        if stop():
            break
        _count(day, seen)
        missing += 1
    spans.add_up(changed, stop=stop)
    return len(changed) + missing


def _never_counted(today: dt.date, most: int) -> list[dt.date]:
    first = ConsultationRequest.objects.order_by("received_at").values_list("received_at", flat=True).first()
    if first is None:
        return []
    counted = set(spans.complete().filter(span=Span.DAY).values_list("day", flat=True))
    every = _days(Asked(first.astimezone(dt.UTC).date(), today - DAY))
    return sorted((day for day in every if day not in counted), reverse=True)[:most]


def _count(day: dt.date, seen: int) -> None:
    """Write a day down, in the place of what was written before."""
    found = counting.by_center(Asked(day, day).received(ConsultationRequest.objects.all()))
    came = visits.of_day(day)
    for place in came:
        found.setdefault(counting.key(place), Counts())
    rows = [_row(day, one, came[counting.pk(key)], seen, center_id=counting.pk(key)) for key, one in found.items()]
    together = sum(came.values(), Counter[str]())
    rows.append(_row(day, counting.together(found.values()), together, seen, everywhere=True))
    try:
        with transaction.atomic():
            DayCount.objects.filter(day=day, span=Span.DAY).delete()
            DayCount.objects.bulk_create(rows)
            spans.take_away(day)
    except IntegrityError:
        # Another worker has just written it.
        return


def _row(day: dt.date, counts: Counts, came: Counter[str], seen: int, **place: Any) -> DayCount:
    numbers = {name: came[name] for name in spans.VISITS}
    return DayCount(day=day, requests=counts.requests, counts=counts.as_text(), seen=seen, **numbers, **place)
