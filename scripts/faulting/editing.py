"""An editor in a process of the site: `manage.py shell` calls `run`, which edits what pages show as often as it is told to."""

from __future__ import annotations

import sys

from django.db import close_old_connections

from consultations.database import DATABASE_AWAY
from scripts.machine import edits


def run() -> None:
    """Read `say NUMBER` and `withdraw SLUG` line by line; answer each with the time at which it was done, or with 0."""
    verbs = {"say": lambda number: edits.say(f"Edition {number}. Talk to us"), "withdraw": edits.withdraw}
    for line in sys.stdin:
        verb, _, what = line.strip().partition(" ")
        close_old_connections()
        try:
            done = verbs[verb](what)
        except DATABASE_AWAY:
            done = 0.0
        print(done, flush=True)
