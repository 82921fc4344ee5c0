"""What a new web process does before its first reader asks: it reads templates and addresses, once for all processes."""

from __future__ import annotations

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def load() -> None:
    """Compile every template and import every view, without asking the database.

    What is there by then stays as long as the process: the garbage collector need not look through it again, and processes that
    are forked from this one share its memory (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    folder = Path(settings.BASE_DIR, "templates")
    for path in sorted(folder.rglob("*.html")):
        get_template(str(path.relative_to(folder)))
    # The first question has Django read all addresses.
    get_resolver().reverse_dict  # noqa: B018
    gc.collect()
    gc.freeze()
