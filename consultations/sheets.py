"""Rows as CSV and as XLSX, piece by piece, in which no cell is ever a formula. Pure.

A spreadsheet runs what begins with `=`, `+`, `-` or `@`, also behind blanks, tabs and line ends
(https://owasp.org/www-community/attacks/CSV_Injection). In CSV such text gets an apostrophe in front, which spreadsheets read
as "this is text". So does what stands behind a semicolon: where commas are for decimals, a spreadsheet begins a cell there, quotes
or not. In XLSX each text is marked as text, so it stays as it is. Numbers are numbers in both.

XLSX is written here and by no library, because those build the whole file on disk or in memory first; this one is handed out
while it is made, and leaves nothing behind (ECMA-376, part 1: sheets of inline strings).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

type Cell = str | int | float
type Row = Sequence[Cell]

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
# The same behind what some spreadsheet takes for the end of a cell.
INNER = re.compile(r"(?<=[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# Without it spreadsheets take UTF-8 for something else.
MARK = "\ufeff"
# What XML 1.0 cannot hold, https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The most that a cell of a spreadsheet holds.
CELL_LENGTH = 32767
LINES_AT_ONCE = 200

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def safe(cell: Cell) -> Cell:
    """Return a cell as CSV may hold it: text that a spreadsheet would run is marked as text."""
    if not isinstance(cell, str):
        return cell
    return f"'{INNER.sub("'", cell)}" if FORMULA.match(cell) else INNER.sub("'", cell)


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the byte order mark first."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write(MARK)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def as_xlsx(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the pieces of an XLSX file with one sheet."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            package.writestr(name, HEAD + content)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows):
                sheet.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
                if number % LINES_AT_ONCE == 0:
                    yield out.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield out.taken()


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        # In a sheet, _x000D_ stands for the sign itself.
        words = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", NOT_XML.sub("", cell[:CELL_LENGTH]))
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'
    return f"<c><v>{cell}</v></c>"


class _Pieces(io.RawIOBase):
    """A file that is only written to, and from which what was written is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        pieces = bytes(self._written)
        self._written.clear()
        return pieces
