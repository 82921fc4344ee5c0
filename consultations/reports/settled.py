"""Counts of days that are over: written down by the worker, and read in place of the requests themselves.

Whatever changes a count leaves a line of history (`Activity`). The worker counts a day anew once a line was written about one of
its requests; until it has, and for ten minutes at most, the day stands as it was counted before. A day that nobody has counted, or
that the worker is late with, is counted from the requests: the numbers are right without a worker, and only slower.
Months and years are sums of days (spans.py), read in their place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from consultations.models import Activity, Appointment, ConsultationRequest, DayCount
from consultations.models.fields import Unreadable
from consultations.models.place import Viewer, at_places_of, sees_everything
from consultations.reports import counting, spans
from consultations.reports.asked import DAY, Asked, midnight
from consultations.reports.counting import Counts
from consultations.reports.spans import Span
from consultations.statuses import STANDING

# What is written is seen a little later, when the transaction that wrote it is over.
SEEN = dt.timedelta(minutes=2)
LATE = dt.timedelta(minutes=10)
# So many days that were never counted in one go, the newest first.
MOST = 30


class Settled:
    """The numbers of one reader: of days that are written down, and of the requests of other days."""

    def __init__(self, user: Viewer, now: dt.datetime) -> None:
        self.user = user
        self.late = _changed(now - LATE)
        self.sees_everything = sees_everything(user)

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
        visits = Appointment.objects.filter(
            at_places_of(self.user, "center"),
            center__isnull=False,
            status__in=STANDING,
            request__visits_elsewhere=True,
        )
        came = visits.filter(request__received_at__gte=asked.begin, request__received_at__lt=asked.end).order_by()
        return list(came.exclude(at_places_of(self.user, "request__center")).values_list("request", flat=True))

    def _received(self, asked: Asked) -> QuerySet[ConsultationRequest]:
        return asked.received(ConsultationRequest.objects.visible_to(self.user))

    def _both(self, asked: Asked) -> tuple[QuerySet[DayCount], QuerySet[ConsultationRequest]]:
        """Return the days that are written down, and the requests that are counted one by one."""
        received = self._received(asked)
        if asked.therapy is not None or asked.status is not None:
            return DayCount.objects.none(), received
        written = spans.written(asked, self.late)
        found = DayCount.objects.filter(spans.any_of(written))
        not_written = _between(written, asked)
        if asked.center is None and self.sees_everything:
            return found.filter(everywhere=True), received.filter(not_written)
        rows = found.filter(at_places_of(self.user, "center"), everywhere=False)
        if asked.center is not None:
            return rows.filter(center=asked.center), received.filter(not_written)
        return rows, received.filter(not_written | Q(pk__in=self._guests(asked)))


def _days(asked: Asked) -> Iterable[dt.date]:
    return (asked.first + number * DAY for number in range((asked.last - asked.first).days + 1))


def _between(written: Iterable[spans.Part], asked: Asked) -> Q:
    """Return the condition that a request came in on a day that is in none of these spans, which are in their order."""
    # Of no day, none: an empty condition would be fulfilled by all.
    found, begin = Q(pk__in=[]), asked.first
    for part in [*written, (spans.Span.DAY, asked.last + DAY)]:
        if begin < part[1]:
            found |= Q(received_at__gte=midnight(begin), received_at__lt=midnight(part[1]))
        begin = spans.after(part)
    return found


def _changed(until: dt.datetime) -> list[dt.date]:
    """Return the days of whose requests something was written before `until` that the worker has not seen."""
    if (seen := _seen()) is None:
        return []
    lines = Activity.objects.filter(pk__gt=seen, at__lt=until).order_by()
    return list(lines.values_list(TruncDate("request__received_at", tzinfo=dt.UTC), flat=True).distinct())


def _seen() -> int | None:
    latest: int | None = DayCount.objects.aggregate(Max("seen"))["seen__max"]
    return latest


def count_days(*, now: dt.datetime, most: int = MOST, stop: Callable[[], bool] = lambda: False) -> int:
    """Count the days before today that have changed, and some that were never counted; return how many that were.

    Two workers may do it at once: the second finds the day written.
    """
    today = now.astimezone(dt.UTC).date()
    seen = Activity.objects.filter(at__lt=now - SEEN).order_by("-pk").values_list("pk", flat=True).first() or 0
    changed = [day for day in _changed(now - SEEN) if day < today]
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
    counted = set(DayCount.objects.filter(everywhere=True, span=Span.DAY).values_list("day", flat=True))
    every = _days(Asked(first.astimezone(dt.UTC).date(), today - DAY))
    return sorted((day for day in every if day not in counted), reverse=True)[:most]


def _count(day: dt.date, seen: int) -> None:
    """Write a day down, in the place of what was written before."""
    found = counting.by_center(Asked(day, day).received(ConsultationRequest.objects.all()))
    rows = [
        DayCount(day=day, center_id=int(key) if key else None, requests=one.requests, counts=one.as_text(), seen=seen)
        for key, one in found.items()
    ]
    whole = counting.together(found.values())
    rows.append(DayCount(day=day, everywhere=True, requests=whole.requests, counts=whole.as_text(), seen=seen))
    try:
        with transaction.atomic():
            DayCount.objects.filter(day=day, span=Span.DAY).delete()
            DayCount.objects.bulk_create(rows)
            spans.take_away(day)
    except IntegrityError:
        # Another worker has just written it.
        return
