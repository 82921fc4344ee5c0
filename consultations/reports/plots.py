"""Where the bars and fields of a plot stand, in the units of its SVG. Pure but for the table that it draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from consultations.reports.numbers import Table
from consultations.sheets import Row

WIDTH = 680
NAMES, VALUES = 270, 60
LINE, BAR = 26, 16
# Weeks stand side by side.
HEIGHT, FOOT = 160, 24
NAME_LENGTH, NAME_BEGINS = 28, 11
# Hours of the week: seven lines of 24 fields, under the name of their center.
DAYS_WIDE, FIELD_HIGH, HEAD_HIGH = 44, 22, 20
# So that words upon the darkest are read as easily as beside it.
DARKEST = 0.4


@dataclass(frozen=True)
class Bar:
    """A bar with its name and its value beside it, or below and above it."""

    x: float
    y: float
    width: float
    height: float
    name: str
    value: str
    name_x: float
    name_y: float
    value_x: float
    value_y: float


@dataclass(frozen=True)
class Field:
    """One hour of a weekday, as dark as its value is great; `shade` is between 0 and 1."""

    x: float
    y: float
    width: float
    height: float
    shade: float
    value: str
    value_x: float
    value_y: float


@dataclass(frozen=True)
class Label:
    """Words beside the fields: a center, a day, an hour."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Plot:
    """A drawing of so many units: bars, or fields with their labels."""

    width: int
    height: int
    bars: list[Bar]
    upright: bool
    fields: list[Field] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def of(table: Table) -> Plot | None:
    """Return the plot of a table, or None where it has no number to draw."""
    if table.head[1] == "day":
        return _week(table)
    column = table.head.index(table.drawn)
    values = [(_name(table, row), float(row[column])) for row in table.rows if isinstance(row[column], int | float)]
    top = max((value for _, value in values), default=0.0)
    if top <= 0:
        return None
    return _upright(values, top) if table.key == "weeks" else _lying(values, top)


def _lying(values: list[tuple[str, float]], top: float) -> Plot:
    room = WIDTH - NAMES - VALUES
    bars = []
    for number, (name, value) in enumerate(values):
        y, length = number * LINE + (LINE - BAR) / 2, round(room * value / top, 1)
        middle = y + BAR - 4
        bars.append(Bar(NAMES, y, length, BAR, name, f"{value:g}", NAMES - 8, middle, NAMES + length + 6, middle))
    return Plot(WIDTH, LINE * len(values), bars, upright=False)


def _upright(values: list[tuple[str, float]], top: float) -> Plot:
    step, room = WIDTH / len(values), HEIGHT - 2 * FOOT
    # Not every name fits below its bar.
    each = -(-len(values) // 8)
    bars = []
    for number, (name, value) in enumerate(values):
        height = round(room * value / top, 1)
        x, y, middle = round(number * step + step * 0.15, 1), HEIGHT - FOOT - height, round((number + 0.5) * step, 1)
        label = name[5:] if number % each == 0 else ""
        bars.append(Bar(x, y, round(step * 0.7, 1), height, label, f"{value:g}", middle, HEIGHT - 6, middle, y - 5))
    return Plot(WIDTH, HEIGHT, bars, upright=True)


def _week(table: Table) -> Plot | None:
    numbers = [cell for row in table.rows for cell in row[2:] if isinstance(cell, int | float)]
    top = max(numbers, default=0)
    if top <= 0:
        return None
    step, y = round((WIDTH - DAYS_WIDE) / 24, 2), 0
    fields: list[Field] = []
    labels: list[Label] = []
    for center, rows in groupby(table.rows, key=lambda row: row[0]):
        labels.append(Label(0, y + HEAD_HIGH - 6, str(center)))
        y += HEAD_HIGH
        labels += [
            Label(DAYS_WIDE + number * step + 2, y + HEAD_HIGH - 6, table.head[number + 2]) for number in range(24)
        ]
        y += HEAD_HIGH
        for row in rows:
            labels.append(Label(0, y + FIELD_HIGH - 7, str(row[1])))
            fields += _line(row[2:], y, step, top)
            y += FIELD_HIGH
    return Plot(WIDTH, y, [], upright=False, fields=fields, labels=labels)


def _line(cells: Row, y: float, step: float, top: float) -> list[Field]:
    found = []
    for number, cell in enumerate(cells):
        x = round(DAYS_WIDE + number * step, 2)
        shade = round(DARKEST * cell / top, 3) if isinstance(cell, int | float) else 0.0
        words = "<5" if isinstance(cell, str) and cell else f"{cell:.3g}" if cell != "" else ""
        found.append(
            Field(x, y, step - 1, FIELD_HIGH - 1, shade, words, round(x + (step - 1) / 2, 2), y + FIELD_HIGH - 7)
        )
    return found


def _name(table: Table, row: object) -> str:
    words = [str(cell) for cell in row[: table.head.index(table.drawn)] if cell]  # type: ignore[index]
    name = words[0] if table.key not in {"sources", "reasons"} else ", ".join(words)
    # Without its middle: several names begin with the same page or center, and the end tells them apart.
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_BEGINS]}…{name[NAME_BEGINS + 1 - NAME_LENGTH :]}"
