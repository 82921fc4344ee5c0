"""The numbers of the desk as tables: each is counted among the requests that the reader may see.

Requests of a center that is not the reader's are among them where the visitor has an appointment at one that is. Those are one
line without a name, and fewer than five of them are "under 5". Days are UTC's.

Page, place of the button and language are encrypted (docs/decisions/0011). They are opened for the newest requests of the days
that were asked for, and the table says so where there were more: nothing has to be kept beside them that tells what people
suffer from.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncWeek

from consultations.models import Appointment, ConsultationRequest
from consultations.models.place import Viewer, at_places_of
from consultations.models.request import RequestQuerySet
from consultations.reports.asked import Asked
from consultations.sheets import Cell, Row
from consultations.statuses import AppointmentStatus, Status
from content.models import Center, Therapy

FEWEST = 5
UNDER = f"under {FEWEST}"
OPENED = 5_000
TIMED = 20_000
SHOWN = 20
NO_CENTER, ELSEWHERE, BY_PHONE = "No center yet", "Other centers", "By phone or video"
# What was ever agreed with the visitor.
AGREED = [
    one.value
    for one in AppointmentStatus
    if one not in {AppointmentStatus.HELD, AppointmentStatus.UNCONFIRMED, AppointmentStatus.LAPSED}
]
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Table:
    """One table; the plot is of the column named `drawn`."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: list[Row]
    note: str = ""
    drawn: str = "requests"


class Places:
    """Names of centers as one reader may know them."""

    def __init__(self, user: Viewer) -> None:
        self.own = dict(Center.objects.filter(at_places_of(user, "pk")).values_list("pk", "name"))

    def name(self, center: int | None, nowhere: str = NO_CENTER) -> str:
        """Return a center's name, or what stands for it."""
        return nowhere if center is None else self.own.get(center, ELSEWHERE)


def shown(count: int, place: str) -> Cell:
    """Return a number as the reader may see it."""
    return UNDER if place == ELSEWHERE and 0 < count < FEWEST else count


def tables(user: Viewer, asked: Asked, now: dt.datetime) -> list[Table]:
    """Return every table of the page, in its order."""
    seen = ConsultationRequest.objects.visible_to(user)
    received, places = asked.received(seen), Places(user)
    return [
        _total(seen, asked),
        _weeks(received, asked),
        _funnel(received),
        _centers(received, places),
        _answers(received, places),
        _overdue(asked.narrowed(seen.overdue(now)).order_by(), places),
        _therapies(received),
        _statuses(received),
        *_opened(received),
        _visits(user, asked, places),
    ]


def _total(seen: RequestQuerySet, asked: Asked) -> Table:
    rows: list[Row] = [
        (words, f"{one.first} to {one.last}", one.received(seen).count())
        for words, one in (("These days", asked), ("As many days before", asked.before))
    ]
    return Table("total", "Requests", ("when", "days", "requests"), rows)


def _weeks(received: QuerySet[ConsultationRequest], asked: Asked) -> Table:
    week = TruncWeek("received_at", tzinfo=dt.UTC)
    found = received.annotate(week=week).values_list("week").annotate(Count("pk", distinct=True))
    counted = {week.date(): number for week, number in found}
    monday = asked.first - dt.timedelta(days=asked.first.weekday())
    weeks = range((asked.last - monday).days // 7 + 1)
    days = [monday + dt.timedelta(weeks=number) for number in weeks]
    note = "Weeks begin on Monday. The first and the last may be cut."
    return Table(
        "weeks", "Requests by week", ("week of", "requests"), [(f"{day}", counted.get(day, 0)) for day in days], note
    )


def _funnel(received: QuerySet[ConsultationRequest]) -> Table:
    people = received.exclude(status=Status.SPAM)
    visits = Appointment.objects.filter(request=OuterRef("pk"))
    steps = [
        ("Received", people),
        ("Spoken with", people.exclude(first_contact_at=None)),
        ("Appointment agreed", people.filter(Exists(visits.filter(status__in=AGREED)))),
        ("Attended", people.filter(Exists(visits.filter(status=AppointmentStatus.ATTENDED)))),
    ]
    counted = [(words, found.count()) for words, found in steps]
    whole = counted[0][1]
    rows: list[Row] = [(words, number, _percent(number, whole)) for words, number in counted]
    return Table("funnel", "From request to visit", ("step", "requests", "of all"), rows, "Without spam.")


def _centers(received: QuerySet[ConsultationRequest], places: Places) -> Table:
    counted: Counter[str] = Counter()
    for center, number in received.values_list("center").annotate(Count("pk", distinct=True)):
        counted[places.name(center)] += number
    rows: list[Row] = [(name, shown(number, name)) for name, number in _most(counted)]
    return Table("centers", "By center", ("center", "requests"), rows)


def _answers(received: QuerySet[ConsultationRequest], places: Places) -> Table:
    answered = received.exclude(first_contact_at=None).order_by("-received_at")
    took: dict[str, list[float]] = defaultdict(list)
    for center, came, reached in answered.values_list("center", "received_at", "first_contact_at")[:TIMED]:
        if reached is not None:
            took[places.name(center)].append((reached - came) / HOUR)
    rows: list[Row] = []
    for name in sorted(took):
        hours = took[name]
        hidden = name == ELSEWHERE and len(hours) < FEWEST
        rows.append((name, shown(len(hours), name), *(("", "") if hidden else (median(hours), p90(hours)))))
    note = "Hours by the clock from receipt until somebody of ours spoke with the visitor."
    return Table(
        "answers", "First answer", ("center", "answered", "median hours", "p90 hours"), rows, note, "median hours"
    )


def median(hours: list[float]) -> float:
    """Return the median, in tenths."""
    return round(statistics.median(hours), 1)


def p90(hours: list[float]) -> float:
    """Return the 90th percentile by nearest rank, in tenths: nine of ten took at most so long."""
    return round(sorted(hours)[math.ceil(len(hours) * 9 / 10) - 1], 1)


def _overdue(overdue: QuerySet[ConsultationRequest], places: Places) -> Table:
    counted: Counter[str] = Counter()
    for center, number in overdue.values_list("center").annotate(Count("pk", distinct=True)):
        counted[places.name(center)] += number
    rows: list[Row] = [(name, shown(number, name)) for name, number in _most(counted)]
    return Table("overdue", "Overdue now", ("center", "requests"), rows, "At this moment, whenever they came in.")


def _therapies(received: QuerySet[ConsultationRequest]) -> Table:
    names = dict(Therapy.objects.values_list("pk", "name"))
    counted = Counter[str]()
    # Of the narrowed ones, all therapies: a join with one of them would hide the others.
    all_of_them = ConsultationRequest.objects.filter(pk__in=received.values("pk")).order_by()
    for therapy, number in all_of_them.values_list("therapies").annotate(Count("pk", distinct=True)):
        counted[names.get(therapy, "None named")] += number
    note = "Who named several is counted at each."
    return Table("therapies", "By therapy", ("therapy", "requests"), list(_most(counted)), note)


def _statuses(received: QuerySet[ConsultationRequest]) -> Table:
    found = dict(received.values_list("status").annotate(Count("pk", distinct=True)))
    rows: list[Row] = [(str(one.label), found[one.value]) for one in Status if found.get(one.value)]
    return Table("statuses", "By status", ("status", "requests"), rows)


def _opened(received: QuerySet[ConsultationRequest]) -> list[Table]:
    """Count what is encrypted, among the newest."""
    newest = received.filter(erased_at=None).order_by("-received_at", "-pk").values_list("source", "language")
    rows = list(newest[: OPENED + 1])
    note = f"Of the newest {OPENED:,} requests of these days." if len(rows) > OPENED else ""
    sources = Counter(source or "unknown" for source, _ in rows[:OPENED])
    languages = Counter(language.partition("-")[0].lower() or "unknown" for _, language in rows[:OPENED])
    pages: list[Row] = [(*_page_and_place(words), number) for words, number in _most(sources)[:SHOWN]]
    rest = sum(number for _, number in _most(sources)[SHOWN:])
    pages += [("others", "", rest)] if rest else []
    return [
        Table("sources", "By page and place of the button", ("page", "place", "requests"), pages, note),
        Table("languages", "By language", ("language", "requests"), list(_most(languages)), note),
    ]


def _page_and_place(words: str) -> tuple[str, str]:
    """Return the two parts of `/articles/what-is-prp/, end of the page`."""
    page, _, place = words.partition(", ")
    return page, place


def _visits(user: Viewer, asked: Asked, places: Places) -> Table:
    visits = Appointment.objects.visible_to(user).filter(starts_at__gte=asked.begin, starts_at__lt=asked.end)
    visits = visits.filter(status__in=[AppointmentStatus.ATTENDED, AppointmentStatus.NO_SHOW])
    requests = asked.narrowed(ConsultationRequest.objects.all())
    narrowed = visits.filter(request__in=requests.values("pk")).order_by()
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for center, status, number in narrowed.values_list("center", "status").annotate(Count("pk")):
        counted[places.name(center, BY_PHONE)][status] += number
    rows: list[Row] = []
    for name in sorted(counted):
        came, missed = counted[name][AppointmentStatus.ATTENDED], counted[name][AppointmentStatus.NO_SHOW]
        few = name == ELSEWHERE and (came < FEWEST or missed < FEWEST)
        rate = "" if few else _percent(missed, came + missed)
        rows.append((name, shown(came, name), shown(missed, name), rate))
    head = ("center", "attended", "did not come", "share")
    return Table("visits", "Visits and no-shows", head, rows, "By the day of the appointment.", "did not come")


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    """Return the most frequent first, those alike by name."""
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else ""


def as_rows(found: Iterable[Table]) -> Iterable[Row]:
    """Yield all tables as one sheet: title, head, rows, an empty line."""
    for table in found:
        yield (table.title,)
        yield table.head
        yield from table.rows
        yield ()
