"""The numbers of the desk as tables, counts and medians, each among the requests that the reader may see.

Requests of a center that is not the reader's are among them where the visitor has an appointment at one that is. Those are one
line without a name, and fewer than five of them are "under 5". Days are UTC's.

Days that are over are read as they were written down (settled.py), others from the requests. Page, place of the button and
language are encrypted (decision 11), and so is what is written down of them; read from the requests, the newest are
opened, and the table says so where there were more.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from consultations.links import coarse
from consultations.models import Appointment, ConsultationRequest
from consultations.models.appointment import AppointmentQuerySet
from consultations.models.place import Viewer, at_places_of
from consultations.reports import counting, took, visits
from consultations.reports.asked import Asked
from consultations.reports.counting import Counts
from consultations.reports.settled import Settled
from consultations.reports.took import Took
from consultations.sheets import Cell, Row
from consultations.statuses import ClosedFor, Status
from content.models import Center, Therapy

FEWEST = 5
UNDER = f"under {FEWEST}"
SHOWN = 20
NO_CENTER, ELSEWHERE, BY_PHONE = "No center yet", "Other centers", "By phone or video"


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


def tables(days: Settled, asked: Asked, places: Places) -> list[Table]:
    """Return the tables of what the reader of these days may see, in the order of the page."""
    overdue = ConsultationRequest.objects.visible_to(days.user).overdue(days.now)
    counts = days.counts(asked)
    return [
        _total(counts, days.total(asked.before), asked),
        _weeks(counts, asked),
        _funnel(counts),
        _centers(counts, places),
        _answers(counts, places),
        _overdue(asked.narrowed(overdue).order_by(), places),
        _therapies(counts),
        _statuses(counts),
        *_opened(counts),
        _visits(days, asked, places),
        _reasons(counts, places),
    ]


def _total(counts: Counts, before: int, asked: Asked) -> Table:
    rows: list[Row] = [
        (words, f"{one.first} to {one.last}", number)
        for words, one, number in (
            ("These days", asked, counts.requests),
            ("As many days before", asked.before, before),
        )
    ]
    return Table("total", "Requests", ("when", "days", "requests"), rows)


def _weeks(counts: Counts, asked: Asked) -> Table:
    counted = Counter[dt.date]()
    for name, number in counts.days.items():
        counted[_monday(dt.date.fromisoformat(name))] += number
    monday = _monday(asked.first)
    weeks = range((asked.last - monday).days // 7 + 1)
    days = [monday + dt.timedelta(weeks=number) for number in weeks]
    note = "Weeks begin on Monday. The first and the last may be cut."
    return Table("weeks", "Requests by week", ("week of", "requests"), [(f"{day}", counted[day]) for day in days], note)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _funnel(counts: Counts) -> Table:
    words = ("Received", "Spoken with", "Appointment agreed", "Attended")
    steps = (counting.RECEIVED, counting.SPOKEN, counting.AGREED, counting.ATTENDED)
    whole = counts.steps[counting.RECEIVED]
    rows: list[Row] = [
        (name, counts.steps[step], _percent(counts.steps[step], whole)) for name, step in zip(words, steps, strict=True)
    ]
    return Table("funnel", "From request to visit", ("step", "requests", "of all"), rows, "Without spam.")


def _centers(counts: Counts, places: Places) -> Table:
    counted: Counter[str] = Counter()
    for center, number in counts.centers.items():
        counted[places.name(counting.pk(center))] += number
    rows: list[Row] = [(name, shown(number, name)) for name, number in _most(counted)]
    return Table("centers", "By center", ("center", "requests"), rows)


def _answers(counts: Counts, places: Places) -> Table:
    every: dict[str, Took] = defaultdict(list)
    for center, answers in counts.took.items():
        every[places.name(counting.pk(center))].extend(answers)
    rows: list[Row] = []
    for name in sorted(every):
        found = took.summary(every[name])
        hidden = name == ELSEWHERE and found.answers < FEWEST
        rows.append((name, shown(found.answers, name), *(("", "") if hidden else (found.median, found.p90))))
    note = "Hours by the clock from receipt until somebody of ours spoke with the visitor, each in tenths."
    return Table(
        "answers", "First answer", ("center", "answered", "median hours", "p90 hours"), rows, note, "median hours"
    )


def _overdue(overdue: QuerySet[ConsultationRequest], places: Places) -> Table:
    counted: Counter[str] = Counter()
    for center, number in overdue.values_list("center").annotate(number=Count("*")):
        counted[places.name(center)] += number
    rows: list[Row] = [(name, shown(number, name)) for name, number in _most(counted)]
    return Table("overdue", "Overdue now", ("center", "requests"), rows, "At this moment, whenever they came in.")


def _therapies(counts: Counts) -> Table:
    names = dict(Therapy.objects.values_list("pk", "name"))
    counted = Counter[str]()
    for therapy, number in counts.therapies.items():
        pk = counting.pk(therapy)
        counted["None named" if pk is None else names.get(pk, "None named")] += number
    note = "Who named several is counted at each."
    return Table("therapies", "By therapy", ("therapy", "requests"), list(_most(counted)), note)


def _statuses(counts: Counts) -> Table:
    rows: list[Row] = [(str(one.label), counts.statuses[one]) for one in Status if counts.statuses[one]]
    return Table("statuses", "By status", ("status", "requests"), rows)


def _opened(counts: Counts) -> list[Table]:
    note = "" if counts.opened_all else f"Of the newest {counting.OPENED:,} requests of days that are not counted yet."
    pages: list[Row] = [(*_page_and_place(words), number) for words, number in _most(counts.sources)[:SHOWN]]
    names = dict(coarse.languages())
    languages: list[Row] = [(names.get(code, code), number) for code, number in _most(counts.languages)]
    rest = sum(number for _, number in _most(counts.sources)[SHOWN:])
    pages += [("others", "", rest)] if rest else []
    return [
        Table("sources", "By page and place of the button", ("page", "place", "requests"), pages, note),
        Table("languages", "By language", ("language", "requests"), languages, note),
    ]


def _page_and_place(words: str) -> tuple[str, str]:
    """Return the two parts of `/articles/what-is-prp/, end of the page`."""
    page, _, place = words.partition(", ")
    return page, place


def _reasons(counts: Counts, places: Places) -> Table:
    """Return why requests were closed, by center."""
    counted: Counter[tuple[str, str]] = Counter()
    for key, number in counts.reasons.items():
        center, _, why = key.partition(":")
        counted[places.name(counting.pk(center)), str(ClosedFor(why).label)] += number
    ordered = sorted(counted.items(), key=lambda one: (one[0][0], -one[1], one[0][1]))
    rows: list[Row] = [(place, why, shown(number, place)) for (place, why), number in ordered]
    return Table("reasons", "Closed, by reason", ("center", "reason", "requests"), rows)


def _visits(days: Settled, asked: Asked, places: Places) -> Table:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for center, numbers in _visits_by_center(days, asked):
        counted[places.name(center, BY_PHONE)] += numbers
    rows: list[Row] = []
    for name in sorted(counted):
        came, missed = counted[name][visits.ATTENDED], counted[name][visits.NO_SHOWS]
        if not came + missed:
            continue
        few = name == ELSEWHERE and (came < FEWEST or missed < FEWEST)
        rate = "" if few else _percent(missed, came + missed)
        rows.append((name, shown(came, name), shown(missed, name), rate))
    head = ("center", "attended", "did not come", "share")
    return Table("visits", "Visits and no-shows", head, rows, "By the day of the appointment.", "did not come")


def _visits_by_center(days: Settled, asked: Asked) -> Iterator[tuple[int | None, Counter[str]]]:
    """Yield who came and who did not, by the center of the visit; a center may come more than once."""
    if not asked.is_narrowed:
        yield from days.visits(asked).places.items()
        if not days.sees_everything:
            yield None, days.visits_by_phone(asked)
    for part in _visits_one_by_one(days, asked):
        seen = part.filter(starts_at__gte=asked.begin, starts_at__lt=asked.end, status__in=visits.OUTCOMES)
        if asked.is_narrowed:
            seen = seen.filter(request__in=asked.narrowed(ConsultationRequest.objects.all()).values("pk"))
        for center, status, number in seen.order_by().values_list("center", "status").annotate(number=Count("*")):
            yield center, Counter({visits.OUTCOMES[status]: number})


def _visits_one_by_one(days: Settled, asked: Asked) -> list[AppointmentQuerySet]:
    """Return the visits that the reader may see and that are not written down, in parts that have none in common.

    Written down are those at their centers, and by phone those of requests that name one. Those of people who were at more than one
    center are few. In one statement, all visits of all centers would be looked through.
    """
    ours, calls = days.reach.at("center"), Q(days.reach.naming("request__center"), center=None)
    if days.sees_everything:
        return [Appointment.objects.all()] if asked.is_narrowed else []
    elsewhere = ConsultationRequest.objects.visible_to(days.user).filter(visits_elsewhere=True).order_by()
    theirs = [Appointment.objects.filter(ours), Appointment.objects.filter(calls)] if asked.is_narrowed else []
    return [*theirs, Appointment.objects.filter(request__in=elsewhere.values("pk")).exclude(ours).exclude(calls)]


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
