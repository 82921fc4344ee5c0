"""What operators see of requests."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY
from pytest_django import Settings

from clinic import json_log
from clinic.observing import ObserveMiddleware
from content.models import ClinicProfile


def counted(view: str, status: str) -> float:
    """Return how many answers were counted."""
    return REGISTRY.get_sample_value("clinic_requests_total", {"view": view, "status": status}) or 0


def id_seen(peer: str, settings: Settings) -> str:
    """Return the id under which a request is handled that names one itself."""
    settings.LOG_FORMAT, settings.TRUSTED_PROXIES = "json", ["10.0.0.0/8"]
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(json_log.request_id.get())
        return HttpResponse()

    ObserveMiddleware(view)(RequestFactory().get("/", headers={"x-request-id": "named-by-proxy"}, REMOTE_ADDR=peer))
    return seen[0]


def test_nothing_is_measured_unless_asked_for() -> None:
    with pytest.raises(MiddlewareNotUsed):
        ObserveMiddleware(lambda request: HttpResponse())


def test_answers_are_counted_by_view_and_kind_of_status(clinic: ClinicProfile, settings: Settings) -> None:
    settings.METRICS_PORT = 9100
    kinds = [("content:faq", "2xx"), ("kept page", "2xx"), ("none", "4xx")]
    before = [counted(*kind) for kind in kinds]

    client = Client()
    for path in ("/faq/", "/faq/", "/no/such/page/"):
        client.get(path)

    assert [counted(*kind) - old for kind, old in zip(kinds, before, strict=True)] == [1, 1, 1]


def test_line_of_a_request_names_its_view_and_no_address(
    clinic: ClinicProfile, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LOG_FORMAT = "json"
    caplog.set_level(logging.INFO, "clinic.requests")

    Client().get("/consultation/r/secret_Token-1/")

    lines = [record for record in caplog.records if record.name == "clinic.requests"]
    assert [(vars(one)["view"], vars(one)["status"], one.getMessage()) for one in lines] == [
        ("consultations:private", 404, "answered")
    ]


def test_id_is_taken_from_a_trusted_proxy(settings: Settings) -> None:
    assert id_seen("10.0.0.7", settings) == "named-by-proxy"


def test_id_of_anybody_else_is_not_believed(settings: Settings) -> None:
    assert id_seen("203.0.113.9", settings) != "named-by-proxy"
