"""The measure for `make bench`: a Django site of one view that answers with given bytes, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="measured only", ROOT_URLCONF=__name__, MIDDLEWARE=[])  # noqa: S106  signs nothing
django.setup()

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()
HEADERS = json.loads(Path(os.environ["BENCH_HEADERS"]).read_text(encoding="utf-8"))


def page(request: HttpRequest) -> HttpResponse:
    """Answer with the bytes and headers of the page that is compared with this one."""
    return HttpResponse(BODY, headers=HEADERS)


urlpatterns = [path("", page)]
application = get_wsgi_application()
