"""An editor in a process of the site: `manage.py shell` calls `run`, which edits what pages show as often as it is told to."""

from __future__ import annotations

import sys
import time

from django.contrib.auth.models import User
from django.db import close_old_connections
from django.utils import timezone

from consultations.database import DATABASE_AWAY
from content.models import ClinicProfile, Revision
from content.publishing import steps


def run() -> None:
    """Read `say NUMBER` and `withdraw SLUG` line by line; answer each with the time at which it was done, or with 0."""
    verbs = {"say": say, "withdraw": withdraw}
    for line in sys.stdin:
        verb, _, what = line.strip().partition(" ")
        close_old_connections()
        try:
            verbs[verb](what)
        except DATABASE_AWAY:
            done = 0.0
        else:
            done = time.time()
        print(done, flush=True)


def say(number: str) -> None:
    """Put a number into the banner of every page."""
    clinic = ClinicProfile.objects.get()
    clinic.banner_text = f"Edition {number}. Talk to us"
    clinic.save()


def withdraw(slug: str) -> None:
    """Withdraw an article."""
    now = timezone.now()
    editor, _ = User.objects.get_or_create(username="editor-of-this-run", is_superuser=True)
    revision = Revision.objects.public(now).get(article__slug=slug)
    steps.end(revision, seen=revision.version, at=now, by=editor, now=now)
