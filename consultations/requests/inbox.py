"""The views of the inbox: which requests each shows, in which order, and how many there are.

A view is a queryset over what a member of staff may see, so that a count and its rows are one question. Counting stops at
`MOST`, because nobody reads ten thousand rows and counting a million takes its time.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from consultations.clocks import wall_clock
from consultations.models import ConsultationRequest
from consultations.models.place import Viewer
from consultations.models.request import RequestQuerySet
from content.models import ClinicProfile

MOST = 10_000
# In the address of a list: requests without a center.
NO_CENTER = "none"
SOON = dt.timedelta(hours=2)
NEWEST = ("-received_at", "-id")
BY_ANSWER = ("respond_by", "id")
BY_STEP = ("next_at", "id")


@dataclass(frozen=True)
class Moment:
    """Who asks and when; `today_begins` and `today_ends` are midnights on the clinic's clock, which is in `zone`."""

    user: Viewer
    now: dt.datetime
    today_begins: dt.datetime
    today_ends: dt.datetime
    zone: zoneinfo.ZoneInfo

    @cached_property
    def seen(self) -> RequestQuerySet:
        """The requests that they may see; their rights are read once for all views."""
        return ConsultationRequest.objects.visible_to(self.user)


@dataclass(frozen=True)
class View:
    """A list of requests with a name; `key` stands in its address."""

    key: str
    label: str
    narrow: Callable[[RequestQuerySet, Moment], RequestQuerySet]
    order: tuple[str, ...] = BY_STEP


VIEWS = {
    view.key: view
    for view in (
        View("answer", "To answer", lambda requests, _: requests.to_answer(), BY_ANSWER),
        View("overdue", "Overdue", lambda requests, at: requests.overdue(at.now), BY_ANSWER),
        View("soon", "Due soon", lambda requests, at: requests.due_soon(at.now, at.now + SOON), BY_ANSWER),
        View("mine", "Mine", lambda requests, at: requests.live().filter(assignee=at.user.pk)),
        View("unassigned", "Nobody’s", lambda requests, _: requests.untriaged()),
        View("call", "Call today", lambda requests, at: requests.to_call(at.today_ends)),
        View("visitor", "Waiting for the visitor", lambda requests, _: requests.waiting_for_visitor()),
        View("booked", "Booked", lambda requests, _: requests.booked()),
        View("live", "All open", lambda requests, _: requests.live()),
        View("spam", "Spam", lambda requests, _: requests.spam(), NEWEST),
    )
}


def moment(user: Viewer, now: dt.datetime) -> Moment:
    """Return what the views ask about, from the clinic's clock."""
    zone = zoneinfo.ZoneInfo(ClinicProfile.objects.values_list("time_zone", flat=True).first() or "UTC")
    today = now.astimezone(zone).date()
    # Not a day's hours apart: where the clock changes, a day has 23 or 25.
    begins, ends = (wall_clock.edge(day, dt.time(), zone) for day in (today, today + dt.timedelta(days=1)))
    return Moment(user, now, begins, ends, zone)


def rows(key: str, at: Moment) -> RequestQuerySet:
    """Return the requests of a view that its reader may see, in the order in which they are worked on."""
    view = VIEWS[key]
    return view.narrow(at.seen, at).order_by(*view.order)


def bounded(found: QuerySet[Any], most: int | None = None) -> int:
    """Return how many rows there are, and `most + 1` where there are more; at most as many as the inbox counts, where it is not given."""
    most = MOST if most is None else most
    return found.order_by().values("pk")[: most + 1].count()


def in_words(count: int, most: int | None = None) -> str:
    """Return a bounded count as people read it: `10,000+` where counting stopped."""
    most = MOST if most is None else most
    return f"{most:,}+" if count > most else f"{count:,}"


def next_due(at: Moment, *, after: ConsultationRequest | None = None) -> ConsultationRequest | None:
    """Return the request to work on next: the reader's own or nobody's whose next step is due first, after a given one.

    From the last one it begins anew; None is nothing to do. Appointments and visitors for whom we wait come when they are due.
    """
    seen = at.seen.live()
    open_to_me = seen.filter(assignee=None) | seen.filter(assignee=at.user.pk)
    queue = open_to_me.filter(next_at__lt=at.today_ends).order_by(*BY_STEP)
    if after is not None and after.next_at is not None:
        later = queue.filter(next_at__gt=after.next_at) | queue.filter(next_at=after.next_at, pk__gt=after.pk)
        if (found := later.order_by(*BY_STEP).first()) is not None:
            return found
        queue = queue.exclude(pk=after.pk)
    return queue.first()
