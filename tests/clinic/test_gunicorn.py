"""What the web server makes of a request before the site sees it."""

from __future__ import annotations

import runpy

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader


@pytest.mark.parametrize("peer", [("127.0.0.1", 5000), ("192.0.2.7", 5000), ""])
def test_server_believes_nobody_that_a_connection_is_encrypted(peer: object) -> None:
    server = Config()
    for name, value in runpy.run_path(str(settings.BASE_DIR / "clinic" / "gunicorn.conf.py")).items():
        if name in server.settings:
            server.set(name, value)
    sent = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: on\r\n\r\n"

    request = Request(server, IterUnreader([sent]), peer)

    assert request.scheme == "http"
    assert ("X-FORWARDED-PROTO", "https") in request.headers
