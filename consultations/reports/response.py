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
from consultations.reports.took import Took
from consultations.sheets import Cell, Row
from content.models import Center, ClinicProfile

# Answers that are looked at, the newest first.
TIMED = 5_000
# More centers than these are one table; a center is chosen to see its own.
APART = 3
TOGETHER = "All your centers"
HEAD = ("center", "day", *(f"{hour:02d}" for hour in range(24)))

type Hours = Mapping[tuple[int, int], Took]


def tables(received: QuerySet[ConsultationRequest], places: Places) -> list[Table]:
    """Return the number of answers, the median and the 90th percentile in hours, each by center, weekday and hour."""
    answered = received.exclude(first_contact_at=None).order_by("-received_at", "-pk")
    rows = list(answered.values_list("center", "received_at", "first_contact_at")[: TIMED + 1])
    found = _by_place(rows, places)
    note = "By the hour at which the request came in, on the center’s clock; hours until somebody of ours spoke with the visitor, in tenths."
    if len(rows) > TIMED:
        note += f" Of the newest {TIMED:,} answers."
    kinds: list[tuple[str, str, Callable[[Took], Cell]]] = [
        ("hours-answered", "Answers by hour of the week", took.total),
        ("hours-median", "First answer by hour of the week: median hours", took.median),
        ("hours-p90", "First answer by hour of the week: 90th percentile in hours", took.p90),
    ]
    return [Table(key, title, HEAD, _rows(found, of), note, drawn=HEAD[2]) for key, title, of in kinds]


def _by_place(rows: Sequence[tuple[int | None, dt.datetime, dt.datetime | None]], places: Places) -> dict[str, Hours]:
    usual = leading.usual_clock(None, ClinicProfile.objects.values_list("time_zone", flat=True).first())
    zones = {pk: zoneinfo.ZoneInfo(name) for pk, name in Center.objects.values_list("pk", "time_zone")}
    found: dict[str, dict[tuple[int, int], Took]] = defaultdict(lambda: defaultdict(list))
    names = {center: places.name(center) for center in {center for center, _, _ in rows}}
    if len(set(names.values()) - {ELSEWHERE}) > APART:
        names = {center: ELSEWHERE if name == ELSEWHERE else TOGETHER for center, name in names.items()}
    for center, came, reached in rows[:TIMED]:
        local = came.astimezone(zones.get(center, usual) if center else usual)
        if reached is not None:
            found[names[center]][local.weekday(), local.hour].append(took.one(came, reached))
    return {name: found[name] for name in sorted(found)}


def _rows(found: dict[str, Hours], of: Callable[[Took], Cell]) -> list[Row]:
    return [
        (name, DAYS[day][:3], *(_cell(hours.get((day, hour), []), name, of) for hour in range(24)))
        for name, hours in found.items()
        for day in range(7)
    ]


def _cell(answers: Took, name: str, of: Callable[[Took], Cell]) -> Cell:
    if not answers:
        return ""
    if name == ELSEWHERE and (number := took.total(answers)) < FEWEST:
        return shown(number, name) if of is took.total else ""
    return of(answers)
