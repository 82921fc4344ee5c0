"""The web server of `make run`: sets up database, sample site and static files, then serves them.

All in one process, since loading Django takes longer than some of the steps. Its arguments are those of gunicorn.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, connections
from gunicorn.app.wsgiapp import run

BASE_DIR = Path(__file__).resolve().parent.parent
STEPS = (
    # `migrate` runs the system checks first, so that a bad setting is told before anything is written.
    ("Bringing the database up to date.", "migrate", "--no-input", "--verbosity", "0"),
    # Once: what was edited in the admin since must not be undone by starting again.
    ("Loading the sample site.", "load_library", "--once", "--skip-checks"),
    ("Collecting static files.", "collectstatic", "--no-input", "--verbosity", "0", "--skip-checks"),
)


def main() -> None:
    """Do every step, then serve; a bad setting or a database that is away ends it with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    try:
        set_up()
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")
    except OperationalError as error:
        sys.exit(f"Cannot start: the database that DATABASE_URL names cannot be used: {error}")
    run(prog="gunicorn")


def set_up() -> None:
    """Do every step, and leave no connection open that the workers of the web server would share."""
    # Migrating makes thousands of classes, and a quarter of its time went into visiting them again and again.
    gc.disable()
    for title, *command in STEPS:
        print(title, flush=True)
        execute_from_command_line([str(BASE_DIR / "manage.py"), *command])
    gc.enable()
    gc.collect()
    for connection in connections.all():
        # Each command closes its connection; the threads of a pool would be lost in the workers.
        getattr(connection, "close_pool", lambda: None)()


if __name__ == "__main__":
    main()
