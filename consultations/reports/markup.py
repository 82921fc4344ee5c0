"""The elements of a plot and the lines of a table as HTML.

Written here and not by a template: the numbers of three years have some twenty thousand of them, half the time of their page.
"""

from __future__ import annotations

from html import escape

from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

from consultations.reports.plots import Bar, Field, Label, Plot
from consultations.sheets import Cell, Row


def elements(plot: Plot) -> SafeString:
    """Return what stands inside the SVG of a plot."""
    drawn = [*map(_label, plot.labels), *map(_field, plot.fields), *map(_bar, plot.bars)]
    return mark_safe("\n".join(drawn))  # noqa: S308  words are escaped below, the rest is numbers


def lines(rows: list[Row]) -> SafeString:
    """Return the rows of a table; the first cell names its row."""
    return mark_safe("\n".join(map(_line, rows)))  # noqa: S308  cells are escaped below


def _line(row: Row) -> str:
    name, *cells = map(_cell, row)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _cell(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else str(localize(cell))


def _rect(one: Bar | Field, more: str = "") -> str:
    return f'<rect x="{one.x}" y="{one.y}" width="{one.width}" height="{one.height}"{more}></rect>'


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text{kind} x="{x}" y="{y}">{escape(words)}</text>'


def _label(one: Label) -> str:
    return _text(one.x, one.y, one.words)


def _field(one: Field) -> str:
    value = _text(one.value_x, one.value_y, one.value, ' class="value"') if one.value else ""
    return _rect(one, f' fill-opacity="{one.shade}"') + value


def _bar(one: Bar) -> str:
    name = _text(one.name_x, one.name_y, one.name, ' class="name"')
    return _rect(one) + name + _text(one.value_x, one.value_y, one.value, ' class="value"')
