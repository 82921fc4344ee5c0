"""What operators see of requests: counts and times by view (METRICS_PORT) and a log line each (LOG_FORMAT=json), without addresses."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram

from clinic import counts, json_log
from consultations.limits import network
from consultations.management import measures
from content.caching import FOR_NGINX

logger = logging.getLogger("clinic.requests")

REQUESTS = Counter("clinic_requests", "Answered requests.", ["view", "status"])
SECONDS = Histogram(
    "clinic_request_seconds",
    "From the arrival of a request to its answer.",
    ["view"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

# In the place of a view's name.
KEPT_PAGE = "kept page"


class ObserveMiddleware:
    """Names each request, and notes its view, status class and time. Left out where neither metrics nor JSON logs are asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.METRICS_PORT or settings.LOG_FORMAT == "json"):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note it."""
        name(request.META)
        began = time.perf_counter()
        response = self.get_response(request)
        note(view_of(request, response), response.status_code, time.perf_counter() - began)
        return response


def name(environ: Mapping[str, Any]) -> None:
    """Give what is logged from now on the id of the request."""
    trusted = network.is_trusted(environ.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES)
    json_log.request_id.set(json_log.chosen_id(environ.get("HTTP_X_REQUEST_ID", "") if trusted else ""))


def view_of(request: HttpRequest, response: HttpResponse) -> str:
    """Return the name of the view that answered: never an address, which may be a key or somebody's words."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return KEPT_PAGE if response.has_header(FOR_NGINX) or response.has_header("Age") else "none"


def note(view: str, status: int, seconds: float) -> None:
    """Count an answer and log it, as far as the settings ask for it."""
    if settings.METRICS_PORT:
        REQUESTS.labels(view, f"{status // 100}xx").inc()
        SECONDS.labels(view).observe(seconds)
    if settings.LOG_FORMAT == "json":
        logger.info("answered", extra={"view": view, "status": status, "milliseconds": round(seconds * 1000, 1)})


def note_kept(environ: Mapping[str, Any], seconds: float) -> None:
    """Note a request that was answered before Django, see content/at_once.py."""
    if settings.METRICS_PORT or settings.LOG_FORMAT == "json":
        name(environ)
        note(KEPT_PAGE, HTTPStatus.OK, seconds)


def listen() -> None:
    """Serve what all processes of this web server have counted; each of them may answer."""
    registry = CollectorRegistry()
    counts.Collector(registry)  # type: ignore[no-untyped-call]  # the library leaves it out
    measures.listen(settings.METRICS_HOST, settings.METRICS_PORT, registry, shared=True)
