"""How soon visitors were answered by the hour of the week at which they asked, on the clock of the center that they asked for.

Who asked for no center asked on the clinic's clock. Each cell is one hour of the clock on one weekday, of all the days that were asked for.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from django.db.models import QuerySet

from consultations.clocks import leading
from consultations.clocks.wording import DAYS
from consultations.models import ConsultationRequest
from consultations.reports import took
from consultations.reports.numbers import ELSEWHERE, FEWEST, Places, Table, shown
from consultations.reports.took import Summary, Took
from consultations.sheets import Cell, Row
from content.models import Center, ClinicProfile

# Answers that are looked at, the newest first.
TIMED = 5_000
# More centers than these are one table; a center is chosen to see its own.
APART = 3
TOGETHER = "All your centers"
HEAD = ("center", "day", *(f"{hour:02d}" for hour in range(24)))

type Hours = Mapping[tuple[int, int], Summary]


def tables(received: QuerySet[ConsultationRequest], places: Places) -> list[Table]:
    """Return the number of answers, the median and the 90th percentile in hours, each by center, weekday and hour."""
    answered = received.exclude(first_contact_at=None).order_by("-received_at", "-pk")
    rows = list(answered.values_list("center", "received_at", "first_contact_at")[: TIMED + 1])
    found = _by_place(rows, places)
    note = "By the hour at which the request came in, on the center’s clock; hours until somebody of ours spoke with the visitor, in tenths."
    if len(rows) > TIMED:
        note += f" Of the newest {TIMED:,} answers."
    kinds = [
        ("hours-answered", "Answers by hour of the week", _answers),
        ("hours-median", "First answer by hour of the week: median hours", _median),
        ("hours-p90", "First answer by hour of the week: 90th percentile in hours", _p90),
    ]
    return [Table(key, title, HEAD, _rows(found, of), note, drawn=HEAD[2]) for key, title, of in kinds]


def _by_place(rows: Sequence[tuple[int | None, dt.datetime, dt.datetime | None]], places: Places) -> dict[str, Hours]:
    usual = leading.usual_clock(None, ClinicProfile.objects.values_list("time_zone", flat=True).first())
    zones = {pk: zoneinfo.ZoneInfo(name) for pk, name in Center.objects.values_list("pk", "time_zone")}
    every: dict[str, dict[tuple[int, int], Took]] = defaultdict(lambda: defaultdict(list))
    names = {center: places.name(center) for center in {center for center, _, _ in rows}}
    if len(set(names.values()) - {ELSEWHERE}) > APART:
        names = {center: ELSEWHERE if name == ELSEWHERE else TOGETHER for center, name in names.items()}
    for center, came, reached in rows[:TIMED]:
        local = came.astimezone(zones.get(center, usual) if center else usual)
        if reached is not None:
            every[names[center]][local.weekday(), local.hour].append(took.one(came, reached))
    return {name: {hour: took.summary(answers) for hour, answers in every[name].items()} for name in sorted(every)}


def _rows(found: dict[str, Hours], of: Callable[[str, Summary], Cell]) -> list[Row]:
    return [
        (name, DAYS[day][:3], *(of(name, hours[day, hour]) if (day, hour) in hours else "" for hour in range(24)))
        for name, hours in found.items()
        for day in range(7)
    ]


def _answers(name: str, found: Summary) -> Cell:
    return shown(found.answers, name)


def _median(name: str, found: Summary) -> Cell:
    return "" if _is_hidden(name, found) else found.median


def _p90(name: str, found: Summary) -> Cell:
    return "" if _is_hidden(name, found) else found.p90


def _is_hidden(name: str, found: Summary) -> bool:
    return name == ELSEWHERE and found.answers < FEWEST
