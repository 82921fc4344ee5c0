"""Counts of requests, by the center that they name: read from the rows, added up, and written down as text.

Page, place of the button and language are encrypted (decision 11): they are opened for the newest requests only, and
`opened_all` says whether these were all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from consultations.links import coarse
from consultations.models import Appointment, ConsultationRequest
from consultations.reports import took
from consultations.reports.took import Took
from consultations.statuses import AppointmentStatus, Status

OPENED = 5_000
TIMED = 20_000
RECEIVED, SPOKEN, AGREED, ATTENDED = "received", "spoken", "agreed", "attended"
# What was ever agreed with the visitor.
EVER_AGREED = [
    one.value
    for one in AppointmentStatus
    if one not in {AppointmentStatus.HELD, AppointmentStatus.UNCONFIRMED, AppointmentStatus.LAPSED}
]
# Stands for no center and for no therapy.
NONE = ""


@dataclass
class Counts:
    """How many requests there are of each kind; keys of centers and therapies are their ids as text, or `NONE`.

    Attributes:
        days: by ISO day of receipt (UTC).
        centers: by center.
        steps: how far those came that are no spam.
        statuses: by status.
        therapies: by therapy, each at every one that it names.
        sources: by page and place of the button, as the row has it.
        languages: without the region.
        took: by center, how long it took from receipt until somebody of ours spoke with the visitor.
        reasons: by center and why they were closed, as `7:price`.
        opened_all: whether sources and languages are of all requests that have any.
    """

    days: Counter[str] = field(default_factory=Counter)
    centers: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    therapies: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    took: dict[str, Took] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    opened_all: bool = True

    def add(self, other: Counts) -> None:
        """Take another's in."""
        for name in ("days", "centers", "steps", "statuses", "therapies", "sources", "languages", "reasons"):
            getattr(self, name).update(getattr(other, name))
        for center, answers in other.took.items():
            self.took.setdefault(center, []).extend(answers)
        self.opened_all &= other.opened_all

    @property
    def requests(self) -> int:
        """How many there are."""
        return self.centers.total()

    def as_text(self) -> str:
        """Return them as JSON."""
        answers = {center: took.compact(found) for center, found in self.took.items()}
        return json.dumps(vars(self) | {"took": answers}, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Counts:
        """Return what `as_text` wrote."""
        found = json.loads(text)
        opened_all, answers = found.pop("opened_all"), found.pop("took")
        return cls(
            **{name: Counter(counted) for name, counted in found.items()},
            took=answers,
            opened_all=opened_all,
        )


def together(found: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    every = Counts()
    for one in found:
        every.add(one)
    return every


def by_center(received: QuerySet[ConsultationRequest]) -> dict[str, Counts]:
    """Return the counts of requests, by the center that they name, in seven queries."""
    found: dict[str, Counts] = defaultdict(Counts)
    _rows(received, found)
    people, visits = received.exclude(status=Status.SPAM), Appointment.objects.filter(request=OuterRef("pk"))
    for step, statuses in ((AGREED, EVER_AGREED), (ATTENDED, [AppointmentStatus.ATTENDED])):
        there = people.filter(Exists(visits.filter(status__in=statuses)))
        for center, number in there.values_list("center").annotate(Count("pk")):
            found[key(center)].steps[step] += number
    answered = received.exclude(first_contact_at=None).order_by("-received_at")
    for center, came, reached in answered.values_list("center", "received_at", "first_contact_at")[:TIMED]:
        assert reached is not None  # noqa: S101  narrows the type
        found[key(center)].took.setdefault(key(center), []).append(took.one(came, reached))
    closed = received.exclude(closed_for="").values_list("center", "closed_for")
    for center, why, number in closed.annotate(Count("pk")):
        found[key(center)].reasons[f"{key(center)}:{why}"] += number
    # Of the narrowed ones, all therapies: a join with one of them would hide the others.
    all_of_them = ConsultationRequest.objects.filter(pk__in=received.values("pk")).order_by()
    for center, therapy, number in all_of_them.values_list("center", "therapies").annotate(Count("pk")):
        found[key(center)].therapies[key(therapy)] += number
    _open(received, found)
    return dict(found)


def _rows(received: QuerySet[ConsultationRequest], found: dict[str, Counts]) -> None:
    by_day = received.annotate(day=TruncDate("received_at", tzinfo=dt.UTC)).values_list("day", "center", "status")
    for day, center, status, number, answered in by_day.annotate(Count("pk"), Count("first_contact_at")):
        counts = found[key(center)]
        counts.days[day.isoformat()] += number
        counts.centers[key(center)] += number
        counts.statuses[status] += number
        if status != Status.SPAM:
            counts.steps[RECEIVED] += number
            counts.steps[SPOKEN] += answered


def _open(received: QuerySet[ConsultationRequest], found: dict[str, Counts]) -> None:
    """Count what is encrypted, among the newest."""
    newest = received.filter(erased_at=None).order_by("-received_at", "-pk")
    rows = list(newest.values_list("center", "source", "language")[: OPENED + 1])
    for center, source, language in rows[:OPENED]:
        counts = found[key(center)]
        counts.sources[source or coarse.UNKNOWN] += 1
        counts.languages[coarse.language(language) or coarse.UNKNOWN] += 1
        counts.opened_all &= len(rows) <= OPENED


def key(pk: int | None) -> str:
    """Return the key of a center or a therapy among counts."""
    return NONE if pk is None else str(pk)


def pk(name: str) -> int | None:
    """Return what `key` was made of."""
    return None if name == NONE else int(name)
