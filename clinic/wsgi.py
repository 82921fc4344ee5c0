"""Entry for WSGI servers."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    # A sentence for the person who has to mend it; with `preload_app` the server ends here.
    sys.exit(f"Cannot start: {error}")
