"""Loads a library: read, check, then write in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from content.loading import checks
from content.loading.library import Library, find_unexpected, list_files, read_files
from content.loading.source import Problem, Problems
from content.loading.write import RefusedError, Tally, write


class LibraryError(Exception):
    """A library that was not loaded; carries everything that is wrong with it, sorted by file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(set(problems))


def read_library(folder: Path) -> Library:
    """Return what the files of `folder` describe.

    Raises:
        LibraryError: with everything that is wrong in any of the files.
    """
    if not folder.is_dir():
        raise LibraryError([Problem(str(folder), 0, "there is no such folder")])
    paths = list_files(folder)
    if not paths:
        raise LibraryError([Problem(str(folder), 0, "the folder holds no file of a library")])
    problems = Problems(find_unexpected(paths))
    library = read_files(folder, paths, problems)
    problems += checks.find_problems(library)
    if problems:
        raise LibraryError(problems)
    return library


def load(folder: Path, tell: Callable[[Tally], None], *, now: dt.datetime) -> list[Tally]:
    """Load a library and return what was done, kind by kind; `tell` hears of each kind as soon as it is written.

    Raises:
        LibraryError: when anything is wrong; nothing is written then.
    """
    library = read_library(folder)
    try:
        return write(library, tell, now=now)
    except RefusedError as error:
        raise LibraryError(error.problems) from error
