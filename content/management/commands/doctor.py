"""`manage.py doctor`: what is not as it should be, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from content import notices

# By the part of the site that they are about; each returns sentences for whoever runs it.
LOOKS: dict[str, Callable[[dt.datetime], list[str]]] = {"notices": notices.warnings}


class Command(BaseCommand):
    """Only tells: what it finds stops nothing, so it exits with 0."""

    help = "Say in sentences what is missing or waits for somebody."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each finding, or one that says that there is none."""
        found = [f"{part}: {sentence}" for part, look in LOOKS.items() for sentence in look(timezone.now())]
        for line in found or ["Nothing to mend."]:
            self.stdout.write(line)
