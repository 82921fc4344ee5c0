"""Which headers are believed, who is answered, and what every answer carries."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from content.models import ClinicProfile


@pytest.mark.parametrize(
    ("peer", "status"),
    [("203.0.113.9", 301), ("10.0.0.7", 200), ("::ffff:10.0.0.7", 200), ("", 301), ("10.0.0.7.", 301)],
)
def test_forwarded_scheme_is_believed_of_our_proxies_only(peer: str, status: int, db: None, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get("/robots.txt", headers={"x-forwarded-proto": "https"}, REMOTE_ADDR=peer)

    assert response.status_code == status


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "pod", "[fd00::1]", "a_b", "evil.example", "two words"])
def test_probe_is_answered_whatever_its_host(host: str, client: Client, db: None) -> None:
    assert [client.get(path, headers={"host": host}).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_refused_host_is_one_line_without_traceback(
    client: Client, clinic: ClinicProfile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("django").addHandler(caplog.handler)

    response = client.get("/", headers={"host": "evil.example"})

    logging.getLogger("django").removeHandler(caplog.handler)
    assert response.status_code == 400
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("WARNING", None)]


@pytest.mark.parametrize("path", ["/robots.txt", "/no/such/page/", "/static/css/site.css", "/healthz", "/favicon.ico"])
def test_every_answer_says_what_browsers_must_not_do(path: str, client: Client, clinic: ClinicProfile) -> None:
    response = client.get(path)
    response.close()

    headers = response.headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/favicon.ico",
        "/apple-touch-icon.png",
        "/apple-touch-icon-precomposed.png",
        "/apple-touch-icon-120x120-precomposed.png",
    ],
)
def test_icon_is_served_and_kept_long(path: str, client: Client, db: None) -> None:
    response = client.get(path)
    response.close()

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "public, max-age=604800")
