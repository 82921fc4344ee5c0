"""Middleware that keeps whole public pages until something changes that they were drawn from.

A page is kept with the marks of what it was drawn from (site.py), and under its release (release.py) and the settings it repeats. The marks are compared
whenever the content version has risen (versions.py), so an edit is seen at the next request in the process that made it, and a
quarter of a second later at most in all others, and a page that shows nothing of it stays. Pages that change by the clock alone,
an article that goes live or a notice that ends, are dropped when the clock passes the next such moment.

Only what is the same for everyone is kept: GET answers with status 200 that set no cookie and do not vary by cookie. One that
says itself for how long any cache may keep it is kept for so long. The middleware stands outside compression, so
that what it keeps is compressed already.

A proxy of ours may keep such a page as well, nginx by what X-Accel-Expires says, which it takes away: to the end of the
second in which the words were last known to hold, and for one more second while it asks us whether the page still holds. So no
page is shown longer than two seconds after its words were withdrawn, whether we answer, are slow or are down, but for the two
cases below. All others, browsers too, ask each time: must-revalidate forbids them what stale-while-revalidate allows (RFC 9111,
section 5.2.2.2); nginx does not know the former.

While PostgreSQL cannot be reached, kept pages are still shown, for ten minutes (outages.py, decision 25), and no proxy keeps
them. Words can be withdrawn meanwhile only through another node that still reaches it: that is known here once the cache server
tells of it, and without a cache server that both reach only after these ten minutes.

A network that delivers pages (CDN) may keep them for CDN_SECONDS where it is told of edits (CDN_PURGE_URL): that is said in a
header for it alone (RFC 9213), and never past the next moment at which pages change by the clock.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from weakref import WeakValueDictionary

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import ResponseHeaders
from django.utils import timezone
from django.utils.cache import get_max_age
from django.utils.http import parse_etags

from content import at_once, drawing, release, site, versions
from content.outages import FAILED, Unreachable

KEEP_SECONDS = 24 * 60 * 60
LONGEST_QUERY = 300
# Who asks for a page that is being drawn for another waits so long for it, then draws it as well.
LONGEST_WAIT_SECONDS = 5
# After so long it is asked again whether the words still hold.
SLOW = dt.timedelta(seconds=0.3)
ASK_AGAIN = "public, max-age=0, must-revalidate, stale-while-revalidate=1, stale-if-error=0"
FOR_NGINX = "X-Accel-Expires"
# Where a purge fails, what was withdrawn is shown for so long at most, and the second or two that a proxy of ours had it.
CDN_SECONDS = 60
# Of what must be dropped at an edit; each kind of network looks at a header of its own.
CDN_TAG = "pages"
CDN_TAGS = {"Cache-Tag": CDN_TAG, "Surrogate-Key": CDN_TAG}
# Words that were last looked at longer ago may have been edited, and the network been told of it, before this answer reaches it.
CDN_KNOWN = dt.timedelta(seconds=1)
NOT_PUBLIC = ("/admin/", "/consultation/", "/preview/", "/static/", "/media/", "/healthz", "/readyz")
# The settings that pages and their headers repeat: a cache server keeps pages past a restart with others.
SAID = ("SITE_URL", "SECURE_HSTS_PRELOAD")
# In a folder of private pages, but for everyone.
PUBLIC_ALL_THE_SAME = "/consultation/soonest/"

type GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class KeptPage:
    """A finished answer, drawn for a request that arrived at `since` (UTC).

    Attributes:
        version: the content version at which it was drawn, or last found to hold.
        marks: what it was drawn from, see content/site.py.
        ages: whether it says for how long it may be kept.
    """

    body: bytes
    headers: ResponseHeaders
    since: dt.datetime
    fresh_until: dt.datetime
    version: int
    marks: site.Marks
    ages: bool


class PageCacheMiddleware:
    """Serves public pages from the cache and keeps new ones."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # Read as the server starts: its files may be those of the next release when the first page is asked for.
        release.name()
        self.locks: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the cache where possible; otherwise let the site answer and keep what may be kept."""
        path = request.path_info
        if request.method not in {"GET", "HEAD"} or (path.startswith(NOT_PUBLIC) and path != PUBLIC_ALL_THE_SAME):
            return self.get_response(request)
        now = timezone.now()
        # Read before rendering: an edit in between leaves the page with older marks, which are not those of the next request.
        version = site.note(request, now)
        key, known = _key(request), versions.last_read.since(now)
        if kept := _fresh(request, key, version, now):
            _note_at_once(request, kept, version, now)
            return _answer(request, kept, now, known=known)
        if versions.last_read.is_lost():
            # Waiting for a connection in vain would take up the threads that show what is kept.
            raise Unreachable
        # A crowd that asks for a page at once has each process draw it once.
        lock = self.locks.setdefault(f"{version}:{key}", Lock())
        alone = lock.acquire(timeout=LONGEST_WAIT_SECONDS)
        try:
            drawn = self._drawn(request, key, version, now)
        finally:
            if alone:
                lock.release()
        if isinstance(drawn, HttpResponse):
            return drawn
        return _answer(request, drawn, now, known=_last_known(drawn, version, now) or known)

    def _drawn(self, request: HttpRequest, key: str, version: int, now: dt.datetime) -> KeptPage | HttpResponse:
        """Return the page that another request kept meanwhile, or draw it; an answer that may not be kept as it is."""
        if (kept := _fresh(request, key, version, now)) is None:
            # Before anything is drawn, so that no mark is newer than what it marks.
            site.facts(request)
            with drawing.noting() as notes:
                response = self.get_response(request)
            if not _may_keep(request, response):
                return response
            kept = _finish(request, response, now, notes, key)
            cache.set(key, kept, KEEP_SECONDS)
        return kept


def _note_at_once(request: HttpRequest, kept: KeptPage, version: int, now: dt.datetime) -> None:
    """Let whoever asks alike be answered without Django, as long as `version` is believed."""
    read = versions.last_read.believed(now)
    # How long a CDN may keep it is worked out for each answer.
    if not kept.ages and read and read[0] == version and not settings.CDN_PURGE_URL:
        request.META[at_once.MARK] = at_once.KeptBody(kept.body, kept.fresh_until, read)


def _fresh(request: HttpRequest, key: str, version: int, now: dt.datetime) -> KeptPage | None:
    """Return the page that is kept, where nothing has changed that it was drawn from."""
    kept = cache.get(key)
    # What a server of its own gives out may be anything; it is written over then.
    if not isinstance(kept, KeptPage) or now >= kept.fresh_until:
        return None
    if kept.version != version:
        lost = versions.last_read.is_lost()
        if lost and not site.has_facts(request):
            return None
        facts = site.facts(request)
        # While the database is lost, nothing that the page was drawn from can be asked again.
        marks = kept.marks if facts.hold(kept.marks) else None if lost else _confirmed(facts, key, kept)
        if marks is None:
            return None
        kept = replace(kept, version=version, marks=marks)
        cache.set(key, kept, KEEP_SECONDS)
    return kept


def _confirmed(facts: site.SiteFacts, key: str, kept: KeptPage) -> site.Marks | None:
    """Return the marks of a page now, where this process knows what it was drawn from and finds it unchanged."""
    drawn = site.memory.parts.get(key)
    if drawn is None or drawn.value != kept.headers["ETag"]:
        return None
    part = facts.confirmed(drawn)
    if part is None:
        return None
    site.memory.keep(key, part)
    return part.marks


def _key(request: HttpRequest) -> str:
    # The host and the scheme are part of the key because a wrong one is answered with an error or a redirect. The path comes
    # last, since alone among these it may hold line ends. Not `request.headers`, which rewrites all of them to read one.
    meta = request.META
    parts = [
        *(str(getattr(settings, name)) for name in SAID),
        meta.get("HTTP_HOST", ""),
        str(request.scheme),
        meta.get("HTTP_ACCEPT_ENCODING", ""),
        meta.get("QUERY_STRING", ""),
        request.path,
    ]
    return f"page:{release.name()}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}"


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == HTTPStatus.OK
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.headers.get("Vary", "").lower()
        and (not response.has_header("Cache-Control") or _age_allowed(response) > 0)
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def _age_allowed(response: HttpResponse) -> int:
    """Return for how many seconds an answer lets every cache keep it; 0 where it does not say so."""
    public = "public" in response.headers.get("Cache-Control", "")
    return (get_max_age(response) or 0) if public else 0


def _finish(request: HttpRequest, response: HttpResponse, now: dt.datetime, notes: drawing.Notes, key: str) -> KeptPage:
    """Return the answer as it will be sent from now on: others may keep it, but must ask whether it still holds."""
    facts = site.facts(request)
    until, seconds = facts.until, _age_allowed(response)
    # An edit may have pages change sooner by the clock than they would have.
    notes.names.add(drawing.UNTIL)
    if seconds:
        until = min(until, now + dt.timedelta(seconds=seconds))
    response.headers.setdefault("Cache-Control", ASK_AGAIN)
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["Content-Length"] = str(len(response.content))
    # It comes first: before nginx 1.23, a Cache-Control above it would win.
    first = {} if seconds else {FOR_NGINX: "0"}
    headers = ResponseHeaders(first | dict(response.items()))
    part = facts.part(headers["ETag"], notes)
    # The queries are kept here alone: they would make what is fetched for each reader larger.
    site.memory.keep(key, part)
    return KeptPage(response.content, headers, now, until, facts.version, part.marks, ages=seconds > 0)


def _last_known(kept: KeptPage, version: int, arrived: dt.datetime) -> dt.datetime | None:
    """Ask once more whether the page's words hold where drawing it or waiting for it took long; return when they did.

    Otherwise no proxy could keep what a crowd waits for, and all of it would come here again.
    """
    now = timezone.now()
    try:
        holds = now - arrived >= SLOW and now < kept.fresh_until and versions.current() == version
    except FAILED:
        # The page is there all the same.
        return None
    return now if holds else None


def _for_cdn(kept: KeptPage, known: dt.datetime) -> Iterator[tuple[str, str]]:
    """Yield the headers that say for how long a CDN may keep a page, and by which tag it drops it; nothing where none is told of edits."""
    now = timezone.now()
    seconds = min(CDN_SECONDS, int((kept.fresh_until - now).total_seconds()))
    if settings.CDN_PURGE_URL and seconds >= 1 and now - known < CDN_KNOWN:
        yield "CDN-Cache-Control", f"public, max-age={seconds}, must-revalidate"
        yield from CDN_TAGS.items()


def _answer(request: HttpRequest, kept: KeptPage, now: dt.datetime, *, known: dt.datetime) -> HttpResponse:
    """Send a kept page, or only word that the visitor's copy still holds (RFC 9110, section 13.1.2).

    Args:
        known: when the page's words were last known to hold.
    """
    # Compared weakly, as that header asks for: a proxy that compresses marks our tag as weak.
    tags = {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    holds = "*" in tags or kept.headers["ETag"] in tags
    response = HttpResponseNotModified() if holds else HttpResponse(kept.body)
    # What the cache gives out is a copy, and checked already.
    response.headers = kept.headers
    if kept.ages:
        # How much of its time is over already (RFC 9111, section 5.1).
        response.headers["Age"] = str(max(0, int((now - kept.since).total_seconds())))
    else:
        response.headers[FOR_NGINX] = f"@{int(known.timestamp())}"
        for name, value in _for_cdn(kept, known):
            response.headers[name] = value
    if holds:
        del response.headers["Content-Length"], response.headers["Content-Type"]
    return response
