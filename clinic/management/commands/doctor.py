"""`manage.py doctor`: what is not as it should be, in sentences."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from clinic import readiness
from clinic.doctor import contents, machine, work
from clinic.doctor.findings import Finding

# By the part of the site that they are about; those of ALONE ask no table.
ALONE: dict[str, Callable[[dt.datetime], Iterator[Finding]]] = {
    "settings": machine.configuration,
    "disk": machine.disk,
}
ASKING: dict[str, Callable[[dt.datetime], Iterator[Finding]]] = {
    "clock": machine.clock,
    "replica": machine.copy,
    "mail": work.mail,
    "worker": work.worker,
    "cdn": work.cdn,
    "backups": work.backups,
    "keys": work.field_keys,
    "statistics": work.statistics,
    "notices": contents.places,
    "reviews": contents.reviews,
    "search": contents.search,
}


class Command(BaseCommand):
    help = "Say in sentences what is misconfigured, late or about to end. Exits with 1 where something is serious; changes nothing."
    # It says itself what they say.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """How to say it, and which files it cannot know of."""
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--certificate", type=Path, action="append", default=[], help="A PEM file to look at; may be given again."
        )

    def handle(self, *args: Any, format: str, certificate: list[Path], **options: Any) -> None:  # noqa: A002  the option's name
        """Write a line for each finding, the serious ones first, or one that says that there is none."""
        found = sorted(looks(timezone.now(), certificate), key=lambda one: not one[1].serious)
        if format == "json":
            self.stdout.write(json.dumps([{"part": part} | asdict(finding) for part, finding in found], indent=2))
        else:
            lines = [f"{part}{' (serious)' if one.serious else ''}: {one.says}" for part, one in found]
            self.stdout.write("\n".join(lines or ["Nothing to mend."]))
        if any(finding.serious for _, finding in found):
            sys.exit(1)


def looks(now: dt.datetime, certificates: list[Path]) -> Iterator[tuple[str, Finding]]:
    """Yield (part, finding); where the database cannot be used, that and what can be known without it."""
    for part, look in ALONE.items():
        yield from ((part, one) for one in look(now))
    yield from (("certificates", one) for one in machine.certificates(certificates, now))
    database = list(unusable(now))
    yield from (("database", one) for one in database)
    for part, look in ASKING.items() if not database else ():
        yield from ((part, one) for one in look(now))


def unusable(now: dt.datetime) -> Iterator[Finding]:
    """Say why the database cannot be asked: it is away, or not as this version needs it."""
    if fault := readiness.fault():
        yield Finding(
            f"The database cannot be used; is it there, and was `manage.py migrate` run? It says: {fault}", serious=True
        )
    else:
        yield from machine.migrations(now)
