"""Where the bars of a plot stand, in the units of its SVG. Pure but for the table that it draws."""

from __future__ import annotations

from dataclasses import dataclass

from consultations.reports.numbers import Table

WIDTH = 680
NAMES, VALUES = 270, 60
LINE, BAR = 26, 16
# Weeks stand side by side.
HEIGHT, FOOT = 160, 24
NAME_LENGTH = 28


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
class Plot:
    """A drawing of so many units."""

    width: int
    height: int
    bars: list[Bar]
    upright: bool


def of(table: Table) -> Plot | None:
    """Return the plot of a table, or None where it has no number to draw."""
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


def _name(table: Table, row: object) -> str:
    words = [str(cell) for cell in row[: table.head.index(table.drawn)] if cell]  # type: ignore[index]
    name = words[0] if table.key not in {"sources"} else ", ".join(words)
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
