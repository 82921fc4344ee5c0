"""What is decided before any page: which headers of proxies are believed, who may ask at all, and headers of every answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from clinic import views
from consultations.limits import network

logger = logging.getLogger(__name__)

type GetResponse = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class HeadersMiddleware:
    """Puts on every answer, static files and error pages too, what browsers are to hold themselves to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the answer does not have."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
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
