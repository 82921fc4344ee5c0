"""The examples of docs/clock.md, each reckoned by hand, are what the site finds."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path
from typing import NamedTuple

import pytest

from consultations.models import Closure
from consultations.requests import deadlines
from content import hours
from content.models import Center
from tests.factories import make_center, make_clinic, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

PAGE = Path(__file__).resolve().parents[3] / "docs" / "clock.md"
OF_CLINIC = "clinic: "


class Example(NamedTuple):
    """A line of the table."""

    number: str
    what: str
    clock: str
    hours: str
    closed: str
    promised: str
    arrives: str
    due: str


def examples() -> list[Example]:
    """Return the lines of the table."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines]
    return [Example(*row) for row in cells if row[0].isdigit()]


def moment(text: str) -> dt.datetime:
    """Return `Mon 2026-11-16 07:00-05:00`."""
    return dt.datetime.fromisoformat(text[4:])


def in_words(instant: dt.datetime, clock: str) -> str:
    """Return the same the other way round, as the clock shows it."""
    local = instant.astimezone(zoneinfo.ZoneInfo(clock))
    return f"{local:%a} {local.isoformat(' ', 'minutes')}"


def write_closed(text: str, center: Center | None) -> None:
    """Write the days on which it is closed, such as `2026-11-16 to 2026-11-22`."""
    first, _, last = text.partition(" to ")
    if first:
        Closure.objects.create(center=center, name="Closed", first_day=first, last_day=last or first)


def write_hours(text: str, center: Center) -> None:
    """Write the hours of a center in place of those it has."""
    center.opening_periods.all().delete()
    for weekday, opens, closes in hours.parse(text):
        center.opening_periods.create(weekday=weekday, opens=opens, closes=closes)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.what)
def test_answer_is_due_when_the_table_says(example: Example) -> None:
    own = example.hours.removeprefix(OF_CLINIC)
    first, _, changed = own.partition(" → ")
    closed, _, entered = example.closed.partition("→")
    make_clinic(response_hours=int(example.promised), hours=first, time_zone=example.clock)
    center = make_center(hours=False, time_zone=example.clock) if own == example.hours else None
    if center is not None:
        write_hours(first, center)
    write_closed(closed.strip(), center)
    arrives = moment(example.arrives)

    request = make_request(center=center, now=arrives)
    if center is not None and changed:
        write_hours(changed, center)
    write_closed(entered.strip(), center)
    deadlines.recount(now=arrives + dt.timedelta(minutes=1))

    request.refresh_from_db()
    assert in_words(request.respond_by, example.clock) == example.due
    assert in_words(arrives, example.clock) == example.arrives


def test_table_has_every_kind_of_day() -> None:
    found = examples()

    assert [example.number for example in found] == [str(number) for number in range(1, len(found) + 1)]
    assert len(found) >= 30
