"""Where a post comes from: which address, and whether the browser says that a page of ours sent it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from consultations.limits import network


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check of cookie and token, which says yes or no instead of drawing a page."""

    def passes(self, request: HttpRequest) -> bool:
        return self.process_view(request, lambda _: HttpResponse(), (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def is_ours(request: HttpRequest) -> bool:
    """Return whether a page of ours sent this form.

    Browsers say so in headers that no page can write (Fetch Metadata; Origin, RFC 6454; Referer), whether or not they keep
    cookies. Only where none of them came does the token with its cookie decide.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None and site != "none":
        return site == "same-origin"
    named = request.headers.get("Origin") or request.headers.get("Referer")
    if named:
        return _origin(named) in own_origins(request)
    return _TokenCheck(lambda request: HttpResponse()).passes(request)


def own_origins(request: HttpRequest) -> set[str]:
    """Return the origins that are this site."""
    return {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def address(request: HttpRequest) -> str:
    """Return the visitor's network address, or "" where it cannot be known."""
    meta = request.META
    return network.client_address(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
