"""`manage.py check_links`: which links to other sites lead nowhere. It asks other sites; no page of the site ever does."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.linking import asking, outside
from content.linking.asking import Answer, Manner, Verdict


def between(least: float, most: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    """Return what reads a number of the command line that lies between two others."""

    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ArgumentTypeError(f"must be a number from {least:g} to {most:g}")
        return value

    return number


class Command(BaseCommand):
    """Exits with 1 when a link is broken, so that a nightly job can run it."""

    help = "Ask every page of other sites that public pages link to whether it is there. Exits with 1 where one is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to ask and how to answer."""
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--timeout", type=between(0.1, 120, float), default=15.0, metavar="SECONDS", help="for one page"
        )
        parser.add_argument("--threads", type=between(1, 32, int), default=8, help="sites asked at the same time")
        parser.add_argument(
            "--private", action="store_true", help="ask addresses within private networks and of this machine too"
        )

    def handle(self, *args: Any, format: str, timeout: float, threads: int, private: bool, **options: Any) -> None:  # noqa: A002
        """Ask, tell how far it is, and report."""
        places = outside.public(timezone.now())
        manner = Manner(f"link-check (+{settings.SITE_URL})", timeout, int(threads), private)
        answers = []
        for number, answer in enumerate(asking.ask_all(places, manner), start=1):
            if options["verbosity"]:
                self.stderr.write(f"{number} of {len(places)}: {answer.verdict} {answer.url}")
            answers.append(answer)
        answers.sort(key=lambda answer: (list(Verdict).index(answer.verdict), answer.url))
        self.stdout.write(_as_json(answers, places) if format == "json" else _as_text(answers, places))
        broken = sum(answer.verdict == Verdict.BROKEN for answer in answers)
        if broken:
            raise CommandError(f"{broken} {'link is' if broken == 1 else 'links are'} broken.", returncode=1)


def _as_json(answers: Sequence[Answer], places: Mapping[str, Sequence[str]]) -> str:
    rows = [{**vars(answer), "places": places[answer.url]} for answer in answers]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _as_text(answers: Sequence[Answer], places: Mapping[str, Sequence[str]]) -> str:
    """Return a line for each link that is not there, with its places below it, and how many there are."""
    lines = []
    for answer in answers:
        if answer.verdict != Verdict.OK:
            lines.append(f"{answer.verdict}: {answer.url} {answer.words}.")
            lines += [f"    {place}" for place in places[answer.url]]
    counts = ", ".join(
        f"{sum(answer.verdict == verdict for answer in answers)} {verdict.label.lower()}" for verdict in Verdict
    )
    return "\n".join([*lines, f"{len(answers)} links to other sites: {counts}."])
