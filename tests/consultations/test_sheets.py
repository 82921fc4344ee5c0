"""Files in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import sheets

ATTACKS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\x0b+1"]


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def read_xlsx(content: bytes) -> list[list[tuple[str, str]]]:
    """Return type and words of each cell, as a spreadsheet reads them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        root = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314  our own file
    name = f"{{{sheets.MAIN}}}"
    rows = root.iter(f"{name}row")
    return [[(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{name}c")] for row in rows]


@pytest.mark.parametrize("attack", ATTACKS)
def test_csv_marks_what_a_spreadsheet_would_run_as_text(attack: str) -> None:
    [[first, cell]] = read_csv("".join(sheets.as_csv([["ok", attack]])))

    assert (first, cell[0], cell.replace("'", "")) == ("ok", "'", attack)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("attack", ["=HYPERLINK(1)", " +1", "-1", "@SUM(A1)", "\uff1d1"])
def test_csv_read_with_another_separator_has_no_formula_either(separator: str, attack: str) -> None:
    text = "".join(sheets.as_csv([["ok", f"Ada{separator}{attack}", "a, b"]])).removeprefix("\ufeff")

    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))

    assert [cell.lstrip()[:1] for cell in cells] == ["o", "'"]


def test_csv_keeps_numbers_and_words() -> None:
    assert "".join(sheets.as_csv([['Ada, "A"', -3, 1.5]])) == '\ufeff"Ada, ""A""",-3,1.5\r\n'


@pytest.mark.parametrize("attack", ATTACKS)
def test_xlsx_holds_text_as_text(attack: str) -> None:
    [[cell]] = read_xlsx(b"".join(sheets.as_xlsx([[attack]])))

    assert cell == ("inlineStr", attack.replace("\x0b", "").replace("\r", "\n"))


def test_xlsx_has_numbers_as_numbers() -> None:
    assert read_xlsx(b"".join(sheets.as_xlsx([["n", 3], ["m", 1.5]]))) == [
        [("inlineStr", "n"), ("n", "3")],
        [("inlineStr", "m"), ("n", "1.5")],
    ]


def test_xlsx_leaves_in_pieces() -> None:
    rows: list[sheets.Row] = [(f"{number * 7919 % 10007}", number) for number in range(5000)]

    pieces = list(sheets.as_xlsx(rows))

    assert len([piece for piece in pieces if piece]) > 2
    assert len(read_xlsx(b"".join(pieces))) == 5000


@given(st.text())
def test_no_cell_of_any_text_is_a_formula(text: str) -> None:
    [[cell]] = read_xlsx(b"".join(sheets.as_xlsx([[text]])))
    safe = str(sheets.safe(text))

    assert cell[0] == "inlineStr"
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
