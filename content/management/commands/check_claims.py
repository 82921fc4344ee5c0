"""`manage.py check_claims [FILE|-]`: which sentences claim what may not be claimed."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from content.claims.checking import Book
from content.claims.rules import Context, Finding, Severity
from content.proofreading import book, reading

type Found = tuple[int | str, Finding]


class Command(BaseCommand):
    """Exits with 1 when something is blocked, so that a build or a nightly job can run it."""

    help = "Check a file, one sentence a line, or without one everything that is public. Exits with 1 on a block."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional file, how to answer, and the therapy that the sentences speak of."""
        parser.add_argument("file", nargs="?", metavar="FILE", help="one sentence a line; - for standard input")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--therapy", default="", metavar="SLUG", help="what sentences speak of that name no therapy"
        )

    def handle(self, *args: Any, file: str | None, format: str, therapy: str, **options: Any) -> None:  # noqa: A002
        """Check, and tell each finding with line, severity and rule."""
        rules = self._rules(needed=file is None)
        if therapy and therapy not in rules.therapies:
            raise CommandError(f"There is no therapy “{therapy}”; there are {', '.join(sorted(rules.therapies))}.")
        found = list(_in_lines(rules, _read(file), Context(therapy)) if file else _in_public(rules))
        if format == "json":
            self.stdout.write(json.dumps([_as_dict(*each) for each in found], ensure_ascii=False, indent=1))
        else:
            for place, finding in found:
                self.stdout.write(_as_text(place, finding))
        blocked = sum(finding.severity == Severity.BLOCK for _, finding in found)
        if blocked:
            raise CommandError(f"{blocked} {'finding blocks' if blocked == 1 else 'findings block'}.", returncode=1)
        if format == "text" and not file:
            self.stdout.write("Nothing that is public is blocked.")

    def _rules(self, *, needed: bool) -> Book:
        """Return the rules of the database; for a file the sample's where it holds none."""
        try:
            rules = book.current()
        except DatabaseError as error:
            if needed:
                raise CommandError(f"The database answered: {error}") from error
            rules = Book([])
        if rules.rules:
            return rules
        self.stderr.write("The database holds no claim rules; those of the sample site are used.")
        return book.sample()


def _read(file: str) -> str:
    """Return the text of a file, or of standard input for "-"."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CommandError(f"Line {line} is not UTF-8 text; save the file in that encoding.") from error


def _in_lines(rules: Book, text: str, context: Context) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), start=1):
        yield from ((number, finding) for finding in rules.check(line, context))


def _in_public(rules: Book) -> Iterator[Found]:
    yield from ((found.where, found.finding) for found in reading.public(timezone.now(), rules))


def _as_dict(place: int | str, finding: Finding) -> Mapping[str, object]:
    """Return a finding as JSON has it: with its line in a file, or where it is public."""
    return {"line" if isinstance(place, int) else "where": place, **finding.as_dict()}


def _as_text(place: int | str, finding: Finding) -> str:
    return f"{place}: {finding.severity}: {finding.rule.slug}: “{finding.words}”: {finding.rule.reason}"
