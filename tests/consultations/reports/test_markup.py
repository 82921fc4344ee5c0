"""Plots and tables are written with every word escaped."""

from __future__ import annotations

from consultations.reports import markup
from consultations.reports.plots import Bar, Field, Label, Plot

EVIL, SHOWN = "<b> & \"Lyon'", "&lt;b&gt; &amp; &quot;Lyon&#x27;"


def test_row_names_itself_and_its_cells_are_escaped() -> None:
    assert markup.lines([(EVIL, 12_345, 0.5, ""), ("Miami", EVIL)]) == (
        f'<tr><th scope="row">{SHOWN}</th><td>12345</td><td>0.5</td><td></td></tr>\n'
        f'<tr><th scope="row">Miami</th><td>{SHOWN}</td></tr>'
    )


def test_bar_has_its_name_and_its_value() -> None:
    plot = Plot(680, 26, [Bar(270, 5.0, 350.0, 16, EVIL, EVIL, 262, 17.0, 626.0, 17.0)], upright=False)

    assert markup.elements(plot) == (
        '<rect x="270" y="5.0" width="350.0" height="16"></rect>'
        f'<text class="name" x="262" y="17.0">{SHOWN}</text><text class="value" x="626.0" y="17.0">{SHOWN}</text>'
    )


def test_field_without_a_value_is_a_shade_alone() -> None:
    fields = [Field(44, 40, 25.5, 21, shade, value, 56.5, 55) for shade, value in ((0.4, EVIL), (0.0, ""))]
    plot = Plot(680, 60, [], upright=False, fields=fields, labels=[Label(0, 14, EVIL)])

    assert markup.elements(plot).splitlines() == [
        f'<text x="0" y="14">{SHOWN}</text>',
        '<rect x="44" y="40" width="25.5" height="21" fill-opacity="0.4"></rect>'
        f'<text class="value" x="56.5" y="55">{SHOWN}</text>',
        '<rect x="44" y="40" width="25.5" height="21" fill-opacity="0.0"></rect>',
    ]
