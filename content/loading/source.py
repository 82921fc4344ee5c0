"""Reads library files into entries that know their line numbers. No models, no database."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

FENCE = "+++"
# Where the text below the front matter is found; no key of the front matter can have this name.
BODY = "+++ text"
QUOTES = ('"""', "'''")
TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
TOML_END = " (at end of document)"

type Address = tuple[str | int, ...]


class Place(NamedTuple):
    """A line of a file; the path is relative to the library."""

    path: str
    line: int


class Problem(NamedTuple):
    """What is wrong, and where; problems sort by file and line. Line 0 is a folder."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}" if self.line else f"{self.path}: {self.sentence}"


class Problems(list[Problem]):
    """Everything found wrong so far."""

    def add(self, place: Place, sentence: str) -> None:
        """Note a problem."""
        self.append(Problem(*place, sentence))


class UnreadableError(Exception):
    """A file that cannot be read at all; carries its one problem."""

    def __init__(self, path: str, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(path, line, sentence)


@dataclass(frozen=True)
class Passage:
    """A text of several lines, the place where it starts, and the levels of heading that are free for it."""

    path: str
    line: int
    text: str
    headings: tuple[str, ...] = ("h3", "h4")

    def at(self, offset: int) -> Place:
        """Return the place `offset` lines into the text."""
        return Place(self.path, self.line + offset)


class Span(NamedTuple):
    """The line of a key, and the line on which the text of its value starts."""

    key: int
    text: int


@dataclass(frozen=True)
class Entry:
    """A table of a TOML file, a line of a CSV file or a Markdown file with its front matter; nothing is checked yet."""

    path: str
    line: int
    values: Mapping[str, Any]
    spans: Mapping[Address, Span] = field(default_factory=dict)
    address: Address = ()
    texts: Mapping[str, Passage] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where it starts."""
        return Place(self.path, self.line)

    @property
    def stem(self) -> str:
        """The file's name without folder and extension."""
        return Path(self.path).stem

    def at(self, name: str) -> Place:
        """Return the place of a key; of the whole entry where the key does not stand in the file."""
        if name in self.texts:
            return self.texts[name].at(0)
        span = self.spans.get((*self.address, name))
        return Place(self.path, span.key if span else self.line)

    def passage(self, name: str) -> Passage:
        """Return the text under a key together with its place."""
        if name in self.texts:
            return self.texts[name]
        span = self.spans.get((*self.address, name))
        return Passage(self.path, span.text if span else self.line, self.values[name])

    def with_text(self, name: str, passage: Passage) -> Entry:
        """Return the entry with a further value that stands elsewhere in the file."""
        return replace(self, values={**self.values, name: passage.text}, texts={**self.texts, name: passage})

    def inner(self, *steps: str | int) -> Entry:
        """Return the table found by following `steps`."""
        values: Any = self.values
        for step in steps:
            values = values[step]
        address = (*self.address, *steps)
        span = self.spans.get(address)
        return replace(self, line=span.key if span else self.line, values=values, address=address)


def read_entries(folder: Path, path: str, problems: Problems, *, table: str, names: Collection[str]) -> list[Entry]:
    """Return the entries of one file, whichever of the three formats its name says.

    Args:
        folder: the library.
        path: the file, relative to it.
        table: how a TOML file names its tables: "[[topic]]" for many, "[clinic]" for one, "" for the file as a whole.
        names: the columns that a CSV file names in its first line, in any order.
        problems: receives what is wrong although the rest of the file can be read.

    Raises:
        UnreadableError: when nothing of the file can be read.
    """
    text = _read_text(folder / path, path)
    match Path(path).suffix:
        case ".toml":
            return list(_tables(parse_toml(path, text), table, problems))
        case ".md":
            return [parse_front_matter(path, text)]
        case _:
            return list(parse_csv(path, text, names, problems))


def parse_toml(path: str, text: str, first_line: int = 1) -> Entry:
    """Return the whole of a TOML text as one entry."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = str(error)
        found = TOML_LINE.search(message)
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        sentence = TOML_LINE.sub("", message).removesuffix(TOML_END)
        raise UnreadableError(path, first_line + line - 1, f"this is not valid TOML: {sentence}") from error
    return Entry(path, first_line, values, _spans(text, first_line))


def parse_front_matter(path: str, text: str) -> Entry:
    """Return a Markdown file: the keys between its two +++ lines, and the text below them under `BODY`."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise UnreadableError(path, 1, f"the file must start with a line {FENCE} and the fields of its front matter")
    ends = [number for number, line in enumerate(lines) if number and line.rstrip() == FENCE]
    if not ends:
        raise UnreadableError(path, 1, f"the front matter is not closed by a second line {FENCE}")
    head = parse_toml(path, "\n".join(lines[1 : ends[0]]), first_line=2)
    body = Passage(path, ends[0] + 2, "\n".join(lines[ends[0] + 1 :]))
    return replace(head, line=1).with_text(BODY, body)


def parse_csv(path: str, text: str, names: Collection[str], problems: Problems) -> Iterator[Entry]:
    """Yield a CSV file's lines below its head; empty values are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        if sorted(head) != sorted(names):
            raise UnreadableError(path, 1, f"the first line must name the columns {', '.join(names)}, each once")
        before = reader.line_num
        for cells in reader:
            place, before = Place(path, before + 1), reader.line_num
            if cells and len(cells) != len(head):
                problems.add(place, f"this line has {len(cells)} values where the first line names {len(head)}")
            elif cells:
                values = {name: cell.strip() for name, cell in zip(head, cells, strict=True) if cell.strip()}
                yield Entry(path, place.line, values)
    except csv.Error as error:
        raise UnreadableError(path, reader.line_num, f"this is not valid CSV: {error}") from error


def _read_text(file: Path, path: str) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableError(path, 1, f"the file cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(path, line, "the file is not UTF-8 text; save it in that encoding") from error
    if "\0" in text:
        raise UnreadableError(path, text.count("\n", 0, text.index("\0")) + 1, "the file holds a NUL character")
    return text.replace("\r\n", "\n")


def _tables(root: Entry, table: str, problems: Problems) -> Iterator[Entry]:
    """Yield the tables that a file is expected to hold; report whatever else stands at its top level."""
    name = table.strip("[]")
    if not name:
        yield root
        return
    for other in root.values:
        if other != name:
            problems.add(root.at(other), f'"{other}" is not expected here; this file holds {table} tables')
    found = root.values.get(name, [] if table.startswith("[[") else None)
    if table.startswith("[[") and isinstance(found, list) and all(isinstance(item, dict) for item in found):
        yield from (root.inner(name, number) for number in range(len(found)))
    elif not table.startswith("[[") and isinstance(found, dict):
        yield root.inner(name)
    else:
        problems.add(root.at(name), f"a table {table} is expected here")


def _spans(text: str, first_line: int) -> dict[Address, Span]:
    """Return the line of every table and key of a valid TOML text.

    tomllib tells no positions, but a statement ends exactly where it can be parsed by itself: a line of an open array
    or of an open text cannot. Keys inside a table written on one line share its line.
    """
    spans: dict[Address, Span] = {}
    table: Address = ()
    counts: dict[Address, int] = {}
    statement: list[str] = []
    for number, line in enumerate(text.split("\n"), start=first_line):
        statement.append(line)
        try:
            parsed = tomllib.loads("\n".join(statement))
        except tomllib.TOMLDecodeError:
            continue
        start, head = number - len(statement) + 1, statement[0]
        statement = []
        if not parsed:
            continue
        if head.lstrip().startswith("["):
            table = _table_address(parsed, counts, new_item=head.lstrip().startswith("[["))
            address, text_line = table, start
        else:
            address, text_line = (*table, next(iter(parsed))), start + head.rstrip().endswith(QUOTES)
        for depth in range(1, len(address) + 1):
            spans.setdefault(address[:depth], Span(start, text_line))
    return spans


def _table_address(parsed: dict[str, Any], counts: dict[Address, int], *, new_item: bool) -> Address:
    """Return where a table head such as [findings.source] or [[topic]] leads; `counts` numbers the items of arrays."""
    address: Address = ()
    value: Any = parsed
    while isinstance(value, dict) and value:
        name, value = next(iter(value.items()))
        address = (*address, name)
        if isinstance(value, list):
            value = value[0]
            if new_item and not value:
                counts[address] = counts.get(address, -1) + 1
        if address in counts:
            address = (*address, counts[address])
    return address
