"""Reads and checks a whole library; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from content.loading.kind import Kind
from content.loading.kinds import KINDS
from content.loading.rows import Model, Row, column_of, read_row, report_unknown, word_for
from content.loading.source import Entry, Problem, Problems, UnreadableError, read_entries
from content.loading.values import quoted, suggestion


@dataclass
class Library:
    """The rows of every kind by their key; kinds of which something could not be read are incomplete."""

    rows: dict[Model, dict[Any, Row]] = field(default_factory=lambda: {kind.model: {} for kind in KINDS})
    incomplete: set[Model] = field(default_factory=set)


def list_files(folder: Path) -> list[PurePath]:
    """Return the files that are meant for the loader: neither hidden nor there only for people."""
    paths = sorted(file.relative_to(folder) for file in folder.rglob("*") if not file.is_dir())
    return [path for path in paths if path.name != "README.md" and not any(part.startswith(".") for part in path.parts)]


def read_files(folder: Path, paths: Iterable[PurePath], problems: Problems) -> Library:
    """Return what the files describe; what cannot be read is reported and left out."""
    library = Library()
    for kind in KINDS:
        for path in paths:
            if _holds(path, kind):
                _read_file(library, kind, folder, path.as_posix(), problems)
    return library


def find_unexpected(paths: Iterable[PurePath]) -> Iterator[Problem]:
    """Yield the files that nothing reads."""
    known = [kind.files for kind in KINDS]
    for path in paths:
        if not any(_holds(path, kind) for kind in KINDS):
            hint = suggestion(path.as_posix(), known) or "; README.md lists its files"
            yield Problem(path.as_posix(), 1, f"this file is no part of a library{hint}")


def _holds(path: PurePath, kind: Kind) -> bool:
    return path.match(kind.files) and len(path.parts) == len(PurePath(kind.files).parts)


def _read_file(library: Library, kind: Kind, folder: Path, path: str, problems: Problems) -> None:
    try:
        entries = read_entries(folder, path, problems, table=kind.table, names=kind.names)
    except UnreadableError as error:
        problems.append(error.problem)
        library.incomplete.add(kind.model)
        return
    for entry in entries:
        _add(library, kind, _read_entry(kind, entry, problems), problems)


def _read_entry(kind: Kind, entry: Entry, problems: Problems) -> Row:
    prepared = kind.prepare(entry)
    report_unknown(entry, (name for name in kind.names if name not in prepared.texts), problems)
    if kind.named_by_file:
        prepared = replace(prepared, values={**prepared.values, kind.key: prepared.stem})
    row = read_row(kind.model, kind.columns, prepared, problems, kind.readers)
    if kind.key not in kind.columns.values():
        row.values[kind.key] = column_of(kind.model, kind.key).get_default()
    row.children = {children.model: children.read(prepared, problems) for children in kind.children}
    return row


def _add(library: Library, kind: Kind, row: Row, problems: Problems) -> None:
    """Add a row under its key, unless another one has it."""
    key = row.values.get(kind.key)
    if key is None:
        library.incomplete.add(kind.model)
        return
    other = library.rows[kind.model].setdefault(key, row)
    if other is not row and not (kind.repeats and other.values == row.values):
        verb = "does not agree with" if kind.repeats else "stands already in"
        where = f"{other.entry.path}:{other.entry.line}"
        problems.add(row.entry.place, f"the {word_for(kind.model)} {quoted(key)} {verb} {where}")
