"""What operators see of requests: counts and times by view (METRICS_PORT) and a log line each (LOG_FORMAT=json), without addresses."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

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


class ObserveMiddleware:
    """Names each request, and notes its view, status class and time. Left out where neither metrics nor JSON logs are asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.METRICS_PORT or settings.LOG_FORMAT == "json"):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note it."""
        trusted = network.is_trusted(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES)
        json_log.request_id.set(json_log.chosen_id(request.headers.get("X-Request-ID", "") if trusted else ""))
        began = time.perf_counter()
        response = self.get_response(request)
        note(view_of(request, response), response.status_code, time.perf_counter() - began)
        return response


def view_of(request: HttpRequest, response: HttpResponse) -> str:
    """Return the name of the view that answered: never an address, which may be a key or somebody's words."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return "kept page" if response.has_header(FOR_NGINX) or response.has_header("Age") else "none"


def note(view: str, status: int, seconds: float) -> None:
    """Count an answer and log it, as far as the settings ask for it."""
    if settings.METRICS_PORT:
        REQUESTS.labels(view, f"{status // 100}xx").inc()
        SECONDS.labels(view).observe(seconds)
    if settings.LOG_FORMAT == "json":
        logger.info("answered", extra={"view": view, "status": status, "milliseconds": round(seconds * 1000, 1)})


def listen() -> None:
    """Serve what all processes of this web server have counted; each of them may answer."""
    registry = CollectorRegistry()
    counts.Collector(registry)  # type: ignore[no-untyped-call]  # the library leaves it out
    measures.listen(settings.METRICS_HOST, settings.METRICS_PORT, registry, shared=True)
