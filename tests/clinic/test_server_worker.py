"""Requests that the web server refuses before the site sees them, with a real server."""

from __future__ import annotations

import http.client
import runpy
import socket
from collections.abc import Iterator

import pytest
from django.conf import settings

from scripts.machine.headers import wrong
from tests import gunicorn_server

CONFIGURED = runpy.run_path(str(settings.BASE_DIR / "clinic" / "gunicorn.conf.py"))["worker_class"]
LONG = b"x" * 10_000


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Where a server of ours listens."""
    with gunicorn_server.listening("--worker-class", CONFIGURED, "--threads", "2") as (address, _):
        yield address


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nname without a colon\r\n\r\n", 400),
        (b"GET /" + LONG + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + LONG + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: unheard-of\r\n\r\n", 501),
    ],
)
def test_refusal_of_the_server_has_every_header(address: tuple[str, int], sent: bytes, status: int) -> None:
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(sent)
        answer = http.client.HTTPResponse(client)
        answer.begin()

        assert answer.status == status
        assert wrong(dict(answer.getheaders()), kind="personal", tls=False) == []
        assert answer.read().rstrip().endswith(b"</html>")
