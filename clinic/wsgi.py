"""Entry for WSGI servers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

try:
    django = get_wsgi_application()
except ImproperlyConfigured as error:
    # A sentence for the person who has to mend it; with `preload_app` the server ends here.
    sys.exit(f"Cannot start: {error}")

# Django is set up only now.
application: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]] = import_module("content.at_once").AtOnce(
    django, import_module("clinic.observing").note_kept
)
