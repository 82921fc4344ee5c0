"""The first half of `make run`, in one process since loading Django takes longer than some of the steps: database and sample site."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

BASE_DIR = Path(__file__).resolve().parent.parent
STEPS = (
    # `migrate` runs the system checks first, so that a bad setting is told before anything is written.
    ("Bringing the database up to date.", "migrate", "--no-input", "--verbosity", "0"),
    # Once: what was edited in the admin since must not be undone by starting again.
    ("Loading the sample site.", "load_library", "--once", "--skip-checks"),
)


def main() -> None:
    """Do every step; a bad setting or a failing command ends it with a sentence, as `manage.py` does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    try:
        for title, *command in STEPS:
            print(title, flush=True)
            execute_from_command_line([str(BASE_DIR / "manage.py"), *command])
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")


if __name__ == "__main__":
    main()
