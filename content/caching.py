"""Middleware that caches whole public pages until the content version changes.

A page is kept under the content version it was rendered at (versions.py), so an edit in any process is seen at the next
request in all of them, at the price of one small query. Pages that change by the clock alone, an article that goes live
or a notice that ends, are dropped when the clock passes the next such moment.

Only what is the same for everyone is kept: GET answers with status 200 that set no cookie, do not vary by cookie and say
nothing of caching themselves. The middleware is the outermost, so that what it keeps is already compressed.

A proxy of ours may keep such a page as well, nginx by what X-Accel-Expires says, which it takes away: to the end of the
second in which the words were last known to hold, and for one more second while it asks us whether the page still holds. So no
page is shown longer than two seconds after its words were withdrawn, whether we answer, are slow or are down. All others,
browsers too, ask each time: must-revalidate forbids them what stale-while-revalidate allows (RFC 9111, section 5.2.2.2);
nginx does not know the former.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from content import versions
from content.site import facts

KEEP_SECONDS = 24 * 60 * 60
LONGEST_QUERY = 300
SLOW = dt.timedelta(seconds=0.3)
ASK_AGAIN = "public, max-age=0, must-revalidate, stale-while-revalidate=1, stale-if-error=0"
NOT_PUBLIC = ("/admin/", "/consultation/", "/preview/", "/static/", "/media/", "/healthz", "/readyz")

type GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class KeptPage:
    """A finished answer."""

    body: bytes
    headers: dict[str, str]
    fresh_until: dt.datetime


class PageCacheMiddleware:
    """Serves public pages from the cache and keeps new ones."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the cache where possible; otherwise let the site answer and keep what may be kept."""
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        # Read before rendering: an edit in between leaves the page under the older number, which nobody asks for again.
        arrived = timezone.now()
        version = versions.current()
        key = _key(request, version)
        kept: KeptPage | None = cache.get(key)
        if kept is None or kept.fresh_until <= arrived:
            request.arrived_at, request.content_version = arrived, version  # type: ignore[attr-defined]  # for `facts`
            response = self.get_response(request)
            if not _may_keep(request, response):
                return response
            kept = _finish(request, response)
            cache.set(key, kept, KEEP_SECONDS)
            arrived = _last_known(kept, version, arrived)
        return _answer(request, kept, arrived)


def _key(request: HttpRequest, version: int) -> str:
    # The host and the scheme are part of the key because a wrong one is answered with an error or a redirect.
    parts = [
        request.META.get("HTTP_HOST", ""),
        str(request.scheme),
        request.headers.get("Accept-Encoding", ""),
        request.get_full_path(),
    ]
    return f"page:{version}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}"


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == HTTPStatus.OK
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.headers.get("Vary", "").lower()
        and not response.has_header("Cache-Control")
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def _finish(request: HttpRequest, response: HttpResponse) -> KeptPage:
    """Return the answer as it will be sent from now on: others may keep it, but must ask whether it still holds."""
    response.headers["Cache-Control"] = ASK_AGAIN
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["Content-Length"] = str(len(response.content))
    return KeptPage(response.content, dict(response.items()), facts(request).until)


def _last_known(kept: KeptPage, version: int, arrived: dt.datetime) -> dt.datetime:
    """Return when the page's words were last known to hold: `arrived`, or now where drawing it took long and they still do.

    Otherwise no proxy could keep what a crowd waits for, and all of it would come here again.
    """
    now = timezone.now()
    if now - arrived < SLOW or kept.fresh_until <= now or versions.current() != version:
        return arrived
    return now


def _answer(request: HttpRequest, kept: KeptPage, known: dt.datetime) -> HttpResponse:
    """Send a kept page, or only word that the visitor's copy still holds (RFC 9110, section 13.1.2).

    Args:
        known: when the page's words were last known to hold.
    """
    # It comes first: before nginx 1.23, a Cache-Control above it would win.
    sent = {"X-Accel-Expires": f"@{int(known.timestamp())}"} | kept.headers
    # Compared weakly, as that header asks for: a proxy that compresses marks our tag as weak.
    tags = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if "*" in tags or kept.headers["ETag"] in tags:
        headers = {name: value for name, value in sent.items() if name not in {"Content-Length", "Content-Type"}}
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(kept.body, headers=sent)
