"""What is decided before any page: which headers of proxies are believed, who may ask at all, and headers of every answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from copy import copy
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import DisallowedHost
from django.db import DataError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, is_valid_path, resolve
from django.utils.datastructures import MultiValueDict

from clinic import views
from clinic.answer_headers import HEADERS
from consultations.limits import network
from content.numerals import number_in

logger = logging.getLogger(__name__)

type GetResponse = Callable[[HttpRequest], HttpResponse]

# Django shows bytes of a path that are no UTF-8 as %XX, and those of a query as U+FFFD: both can be looked for.
CONTROLS = re.compile("[\x00-\x1f\x7f]")
NUL = "\x00"
SLASHES = re.compile("//+")
# Whose pages are found by an address that is not quite theirs.
TIDIED = {"content", "consultations"}
# What a filter of the admin raises, once it is counted, for a value that its column cannot have.
UNUSABLE = (ValueError, OverflowError, DataError)
# The largest key that a column holds, and its digits.
LARGEST, DIGITS = 2**63 - 1, 19
# Pages of the admin, besides the lists of its models, that look for what their address says; elsewhere such an error is our own, and is shown as one.
LISTS = {"autocomplete", "agenda", "why"}
# Filters by a regular expression, which no page of ours offers: SQLite asks Python, which some of them keep busy for years.
PATTERNS = ("__regex", "__iregex")

PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class HeadersMiddleware:
    """Puts on every answer, static files and error pages too, what browsers are to hold themselves to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the answer does not have; one that says nothing of who may keep it is kept nowhere."""
        response = self.get_response(request)
        # What never came as far as this middleware's own place, which is behind the kept pages.
        self.security.process_response(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A 304 speaks of what is kept already, and would change what was said of it.
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ForwardedMiddleware:
    """Drops what only a proxy may say (X-Forwarded-…, Forwarded) where the peer is none of TRUSTED_PROXIES."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Believe the peer, or take its headers away."""
        if not network.is_trusted(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES):
            for name in [name for name in request.META if name.startswith(("HTTP_X_FORWARDED_", "HTTP_FORWARDED"))]:
                del request.META[name]
        return self.get_response(request)


class HostMiddleware:
    """Answers probes whatever host they name, and refuses other requests for hosts that are not ours in one log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let pass what names one of ALLOWED_HOSTS."""
        if request.method in {"GET", "HEAD"} and (probe := PROBES.get(request.path_info)):
            return probe(request)
        try:
            request.get_host()
        except DisallowedHost as error:
            logger.warning(
                "Refused a request for a host that is not in ALLOWED_HOSTS: %.100r", request.META.get("HTTP_HOST")
            )
            response = views.bad_request(request, error)
            response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  Django's own mark; else there is a second line
            return response
        return self.get_response(request)


class AddressMiddleware:
    """Answers 404 for control characters in a path, drops parameters with a NUL, and turns bad filters and rows of the admin away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let text through that can be looked for; a page is asked for again without the rest (302)."""
        if CONTROLS.search(request.path_info):
            raise Http404("There is no such page.")
        kept = _without_nul(request.GET)
        if kept is not None:
            if request.method in {"GET", "HEAD"}:
                return _back(request, kept.urlencode())
            request.GET = kept  # type: ignore[assignment]  # a copy that nobody changes
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Lead back to an admin list that is to be narrowed by a regular expression."""
        match = request.resolver_match
        if match is None or not _is_list(match) or not any(name.endswith(PATTERNS) for name in request.GET):
            return None
        return _back(request, "e=1")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead back to an admin list, as Django does for bad filters (`?e=1`), where a value of the address, or a row chosen in it, broke it."""
        match = request.resolver_match
        if match is None or not _is_list(match):
            return None
        if request.method == "POST":
            return _without_odd_rows(request, error)
        if request.method not in {"GET", "HEAD"}:
            return None
        if set(request.GET) <= {"e"} or not isinstance(error, UNUSABLE):
            return None
        # The class only: the words of a filter may be somebody's name.
        logger.warning("A filter of %s cannot be used: %s", match.view_name, type(error).__name__, exc_info=False)
        return _back(request, "e=1")


class TidyAddressMiddleware:
    """Finds the page that was meant where an address differs from it by case, doubled slashes or the last slash only.

    Who asks for it is led there (301), the query kept. What is sent with a form is taken where it arrives, since browsers
    follow a redirect without it. Private links are never read in lower case, and addresses of the admin only as they are.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer at the address itself, and where there is nothing, at the one that was meant."""
        if request.method not in {"GET", "HEAD"}:
            path = request.path_info
            meant = path if is_valid_path(path) else next(_meant(path), path)
            # Not a copy: what was uploaded is closed with the request itself.
            return self.get_response(_lead(request, meant))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND:
            for meant in _meant(request.path_info):
                if self.get_response(_at(request, meant)).status_code != HTTPStatus.NOT_FOUND:
                    query = request.META.get("QUERY_STRING", "")
                    return HttpResponsePermanentRedirect(f"{quote(meant)}?{query}" if query else quote(meant))
        return response


def _meant(path: str) -> Iterator[str]:
    """Yield the addresses of public and private pages that a path may be meant for, the likeliest first."""
    plain = SLASHES.sub("/", path)
    for one in dict.fromkeys((plain, f"{plain}/", plain.lower(), f"{plain.lower()}/")):
        try:
            match = resolve(one)
        except Resolver404:
            continue
        lowered = one.removesuffix("/") != plain.removesuffix("/")
        if one != path and match.app_name in TIDIED and not (lowered and "token" in match.kwargs):
            yield one


def _at(request: HttpRequest, path: str) -> HttpRequest:
    """Return the same request for another path."""
    return _lead(copy(request), path)


def _lead(request: HttpRequest, path: str) -> HttpRequest:
    """Give the request another path, and return it."""
    request.path = request.path.removesuffix(request.path_info) + path
    request.path_info = path
    return request


def _is_list(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    return match.app_name in {"admin", "desk"} and (name.endswith("_changelist") or name in LISTS)


def _without_odd_rows(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Lead back to a list whose action was sent with a row that no page offers: nothing was looked for, so nothing was done."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if not isinstance(error, UNUSABLE) or all(_is_key(one) for one in chosen):
        return None
    messages.error(request, "Some of these rows do not exist. Nothing was changed.")
    return HttpResponseRedirect(request.get_full_path())


def _is_key(text: str) -> bool:
    key = number_in(text, digits=DIGITS)
    return key is not None and key <= LARGEST


def _without_nul(query: QueryDict) -> QueryDict | None:
    """Return the parameters that can be looked for; None where that is all of them."""
    clean = [(name, [one for one in values if NUL not in one]) for name, values in query.lists() if NUL not in name]
    if MultiValueDict(clean) == query:
        return None
    kept = QueryDict(mutable=True)
    for name, values in clean:
        if values:
            kept.setlist(name, values)
    return kept


def _back(request: HttpRequest, query: str) -> HttpResponse:
    # One slash in front, so that an address such as //other.example/ does not lead there.
    path = "/" + quote(request.path.lstrip("/"))
    return HttpResponseRedirect(f"{path}?{query}" if query else path)
