"""What the web server itself writes to its logs."""

from __future__ import annotations

import datetime as dt
import runpy
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from gunicorn.config import Config

from clinic.server_log import ServerLogger
from tests import gunicorn_server

TOKEN = "secret_Token-1"
LINE = f"GET /consultation/r/{TOKEN}/times/ HTTP/1.1"
CONFIGURED = runpy.run_path(str(Path(settings.BASE_DIR) / "clinic/gunicorn.conf.py"))["logger_class"]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ServerLogger]:
    """The server's log as somebody sets it up who wants an access log as well."""
    config = Config()
    config.set("errorlog", str(tmp_path / "error.log"))
    config.set("accesslog", str(tmp_path / "access.log"))
    logger = ServerLogger(config)
    yield logger
    for handler in [*logger.error_log.handlers, *logger.access_log.handlers]:
        handler.close()


def test_error_log_hides_the_token_in_words_and_in_tracebacks(log: ServerLogger, tmp_path: Path) -> None:
    log.warning("Invalid request from ip=%s: %s", "192.0.2.1", f"Invalid HTTP request line: {LINE!r}")
    try:
        raise ValueError(LINE)
    except ValueError:
        log.exception("Error handling request %s", f"/consultation/confirm/{TOKEN}:1:x/")
    log.warning("Not Found: %s", f"/preview/{TOKEN}/")

    written = (tmp_path / "error.log").read_text()
    assert "Not Found: /preview/…/" in written
    assert (written.count("/consultation/r/…/times/"), written.count("/consultation/confirm/…/")) == (2, 1)
    assert ("ValueError" in written, TOKEN in written) == (True, False)


def test_access_log_hides_the_token_in_line_path_and_referrer(log: ServerLogger, tmp_path: Path) -> None:
    path = f"/consultation/r/{TOKEN}/"
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_REFERER": f"https://www.clinic.example{path}",
    }
    answer = SimpleNamespace(status="200 OK", sent=10, headers=[])

    log.access(answer, SimpleNamespace(headers=[]), environ, dt.timedelta(0))

    written = (tmp_path / "access.log").read_text()
    assert written.count("/consultation/r/…/") == 2
    assert TOKEN not in written


def test_server_says_of_a_malformed_request_what_is_wrong_and_not_whose_page_it_was() -> None:
    with (
        gunicorn_server.listening("--workers", "1", "--logger-class", CONFIGURED) as (address, lines),
        socket.create_connection(address, timeout=30) as client,
    ):
        client.sendall(LINE.removesuffix(" HTTP/1.1").encode() + b"\r\n\r\n")
        answer = client.makefile("rb").readline()
    said = "".join(lines)

    assert answer.split()[1] == b"400"
    assert ("Invalid" in said, "/consultation/r/…/times/" in said, TOKEN in said) == (True, True, False)
