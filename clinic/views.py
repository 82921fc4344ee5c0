"""Health checks, robots.txt, and error pages."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from contextlib import suppress
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache

from clinic import readiness
from consultations.database import DATABASE_AWAY
from consultations.views import outage
from content.addresses import mailto
from content.models import ClinicProfile
from content.views.base import read_only

logger = logging.getLogger(__name__)

# What Django's own look-ups say where nothing is found; it is written for developers.
DJANGOS_WORDS = (" matches the given query.", " found matching the query")
PLAIN = "text/plain; charset=utf-8"
# In bytes: client_max_body_size of deploy/nginx/site.inc where pictures are uploaded, and how much is read at once.
LARGEST_BODY, PART = 11 * 1024 * 1024, 64 * 1024
ICONS = {"ico": ("favicon.ico", "image/x-icon"), "png": ("touch-icon.png", "image/png")}


@read_only
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process is up; asks nothing of the database."""
    return HttpResponse("ok\n", content_type=PLAIN)


@read_only
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database, with the message queue in it, is usable, else 503."""
    if why := readiness.fault():
        logger.error("The database cannot be used: %s", why)
        return HttpResponse("database: unusable\n", content_type=PLAIN, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse("ok\n", content_type=PLAIN)


@read_only
def icon(request: HttpRequest, *wanted: str) -> HttpResponse:
    """The icon that browsers and phones ask for at the root without being told of it; for phones there is one size."""
    name, kind = ICONS[request.path_info.rpartition(".")[2]]
    content = (settings.BASE_DIR / "static" / "img" / name).read_bytes()
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "public, max-age=604800"})


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read everything but the desk and private pages."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /consultation/r/",
        "Disallow: /preview/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@read_only
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116); the file renews itself, so it never goes stale."""
    profile = ClinicProfile.objects.first()
    if profile is None:
        raise Http404("There is no clinic profile yet.")
    expires = (timezone.now() + dt.timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {mailto(profile.email)}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was wrong with a request that could not even be read; too much data gets its own status."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST
    discard_body(request)
    return render(request, "400.html", {"too_big": too_big}, status=status)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a page is not for this person."""
    return render(request, "403.html", {"reason": str(exception)}, status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was open for too long or came from elsewhere, and how to go on."""
    discard_body(request)
    return render(request, "403.html", {"form_expired": True}, status=HTTPStatus.FORBIDDEN)


def discard_body(request: HttpRequest) -> None:
    """Read what is still to come of a request, as much as nginx lets through: who is cut off while sending may lose the answer."""
    left = LARGEST_BODY
    with suppress(UnreadablePostError):
        while left > 0 and (part := request.read(min(left, PART))):
            left -= len(part)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, in the words of the view that looked for it."""
    reason = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    reason = reason if isinstance(reason, str) and not reason.endswith(DJANGOS_WORDS) else ""
    return render(request, "404.html", {"reason": reason}, status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke here, or that the database is away (503); drawn without context, as that may be what broke."""
    if not isinstance(sys.exception(), DATABASE_AWAY):
        return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
    page = render_to_string("503.html", {"phone": outage.known_phone()})
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
