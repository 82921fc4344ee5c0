"""The views of the inbox: which requests each shows, in which order, and how many there are.

A view is a queryset over what a member of staff may see, so that a count and its rows are one question. Counting stops at
`MOST`, because nobody reads ten thousand rows and counting a million takes its time.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from consultations.clocks import wall_clock
from consultations.models import Activity, ConsultationRequest
from consultations.models.fields import WORDS
from consultations.models.place import Viewer
from consultations.models.request import RequestQuerySet
from consultations.statuses import WAITING, ActivityKind
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


def rows(key: str, at: Moment, among: RequestQuerySet | None = None) -> RequestQuerySet:
    """Return the requests of a view that its reader may see, or of some `among` them, in the order in which they are worked on."""
    view = VIEWS[key]
    return view.narrow(at.seen if among is None else among, at).order_by(*view.order)


def promised_sooner(found: RequestQuerySet, now: dt.datetime) -> RequestQuerySet:
    """Return those of a view by next step whose answer is promised for sooner than that, the soonest first.

    There are few: the rules plan the next step in time. So they are looked for by themselves, and the others keep the order of an index.
    """
    return found.filter(_promise_counts(now), respond_by__lt=F("next_at")).order_by(*BY_ANSWER)


def first(key: str, at: Moment, most: int) -> list[ConsultationRequest]:
    """Return the first rows of a view, without the visitors' words; by the earlier of step and promise where it goes by the step."""
    found = rows(key, at).defer(*WORDS)
    shown = list(found[:most])
    if VIEWS[key].order != BY_STEP:
        return shown
    sooner = {one.pk: one for one in promised_sooner(found, at.now)[:most]}
    due = {one.pk: one.respond_by for one in sooner.values()}
    return in_order([*sooner.values(), *(one for one in shown if one.pk not in sooner)], due)[:most]


def in_order(found: list[ConsultationRequest], sooner: Mapping[int, dt.datetime]) -> list[ConsultationRequest]:
    """Return live requests by their next step, and those that are promised `sooner` by that."""
    return sorted(found, key=lambda one: (sooner.get(one.pk) or one.next_at or one.respond_by, one.pk))


def bounded(found: QuerySet[Any], most: int | None = None) -> int:
    """Return how many rows there are, and `most + 1` where there are more; at most as many as the inbox counts, where it is not given."""
    most = MOST if most is None else most
    return found.order_by().values("pk")[: most + 1].count()


def in_words(count: int, most: int | None = None) -> str:
    """Return a bounded count as people read it: `10,000+` where counting stopped."""
    most = MOST if most is None else most
    return f"{most:,}+" if count > most else f"{count:,}"


def next_due(at: Moment, *, after: ConsultationRequest | None = None) -> ConsultationRequest | None:
    """Return the request to work on next: the reader's own or nobody's that is due first, after a given one.

    It is due at its next step, or sooner where an answer is promised for sooner. From the last one it begins anew; None is nothing
    to do. Appointments and visitors for whom we wait come when they are due.
    """
    seen = at.seen.live()
    queue = seen.filter(assignee=None) | seen.filter(assignee=at.user.pk)
    if after is not None and after.next_at is not None:
        promised = ConsultationRequest.objects.filter(_promise_counts(at.now), pk=after.pk)
        reached = min([after.next_at, *promised.values_list("respond_by", flat=True)])
        if (found := _first(queue, at, after=(reached, after.pk))) is not None:
            return found
        queue = queue.exclude(pk=after.pk)
    return _first(queue, at)


def _first(
    queue: RequestQuerySet, at: Moment, *, after: tuple[dt.datetime, int] | None = None
) -> ConsultationRequest | None:
    """Return what is due first today, by its step or its promise, after a moment and a key: two indexes are asked for their first row."""
    by_step = queue.filter(next_at__lt=at.today_ends)
    by_answer = queue.filter(_promise_counts(at.now), respond_by__lt=at.today_ends)
    if after is not None:
        # What was due sooner, by the other one of its two times, came before.
        by_step = by_step.filter(_later("next_at", after)).filter(
            ~_promise_counts(at.now) | _later("respond_by", after)
        )
        by_answer = by_answer.filter(_later("respond_by", after), _later("next_at", after))
    firsts = [(one.next_at, one.pk, one) for one in by_step.order_by(*BY_STEP)[:1]]
    firsts += [(one.respond_by, one.pk, one) for one in by_answer.order_by(*BY_ANSWER)[:1]]
    return min(firsts, key=lambda first: first[:2])[2] if firsts else None


def _promise_counts(now: dt.datetime) -> Q:
    """Return the condition that a request is due when its answer is promised, if its step is not sooner.

    A promise that was missed counts until somebody has called or planned after it: then the next step is as it was set.
    """
    set_since = Activity.objects.filter(
        request=OuterRef("pk"), kind__in=[ActivityKind.CALL, ActivityKind.NEXT], at__gte=OuterRef("respond_by")
    )
    counts = Q(respond_by__gte=now) | Q(next_at__lte=now) | ~Exists(set_since)
    return Q(counts, status__in=WAITING, first_contact_at=None, erased_at=None)


def _later(column: str, than: tuple[dt.datetime, int]) -> Q:
    """Return the condition that a request comes after a moment and a key, by a column."""
    return Q(**{f"{column}__gt": than[0]}) | Q(**{column: than[0], "pk__gt": than[1]})
