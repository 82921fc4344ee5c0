"""A CDN is told of edits: by real requests to a server in a thread."""

from __future__ import annotations

import datetime as dt
import json
import logging
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings

from clinic.doctor import work
from clinic.doctor.findings import Finding
from consultations.management import telling_cdn
from consultations.management.telling_cdn import AGAIN, LEASE, TWICE_AFTER, tell
from consultations.models import Chore
from content import versions
from content.models import ContentVersion
from tests.factories import NOW, make_topic

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
TOKEN = "token-of-this-test"


class Network(ThreadingHTTPServer):
    """Keeps what it was told, and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.status = 204
        self.told: list[tuple[str, str | None, dict[str, object]]] = []

    @property
    def versions(self) -> list[object]:
        """The versions that it was told."""
        return [body["version"] for _, _, body in self.told]


class Call(BaseHTTPRequestHandler):
    """One call."""

    server: Network

    def do_POST(self) -> None:
        """Keep it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def network(settings: Settings) -> Iterator[Network]:
    with Network() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.CDN_PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge?zone=1"
        yield server
        server.shutdown()


def test_edit_is_told_and_once_more_when_no_proxy_has_the_old_words(network: Network, settings: Settings) -> None:
    settings.CDN_PURGE_TOKEN = TOKEN
    make_topic()
    number = versions.current()

    calls = [
        tell(now=NOW),
        tell(now=NOW + TWICE_AFTER - SECOND),
        tell(now=NOW + TWICE_AFTER),
        tell(now=NOW + 9 * SECOND),
    ]

    assert calls == [True, False, True, False]
    assert network.told == [("/purge?zone=1", f"Bearer {TOKEN}", {"version": number, "tags": ["pages"]})] * 2


def test_several_edits_are_told_in_one_call(network: Network) -> None:
    tell(now=NOW)
    tell(now=NOW + TWICE_AFTER)
    for _ in range(3):
        make_topic()

    assert tell(now=NOW + 7 * SECOND)

    assert network.versions[2:] == [versions.current()]


def test_edit_between_the_two_calls_is_told_twice_as_well(network: Network) -> None:
    before = versions.current()
    tell(now=NOW)
    versions.bump()

    for seconds in (3, 6, 9):
        tell(now=NOW + seconds * SECOND)

    assert network.versions == [before, before + 1, before + 1]


def test_restored_database_whose_version_is_lower_is_told(network: Network) -> None:
    for _ in range(2):
        versions.bump()
    tell(now=NOW)
    tell(now=NOW + TWICE_AFTER)
    ContentVersion.objects.update(number=1)

    assert tell(now=NOW + 7 * SECOND)


def test_call_that_is_refused_is_made_again_and_noted_once(network: Network, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger=telling_cdn.__name__)
    network.status = 500

    calls = [tell(now=NOW + seconds * SECOND) for seconds in (0, 5, 10)]
    found = list(work.cdn(NOW + 2 * AGAIN)), list(work.cdn(NOW + dt.timedelta(hours=1)))
    network.status = 204
    calls.append(tell(now=NOW + 2 * AGAIN))

    assert calls == [False, False, False, True]
    assert len(network.told) == 3
    assert caplog.messages == [
        "The CDN could not be told of an edit (status 500); trying again.",
        "The CDN is told of edits again.",
    ]
    sentence = "The CDN was not told of edits for {} (CDN_PURGE_URL: status 500); it may show what was withdrawn for 60 seconds."
    assert found == (
        [Finding(sentence.format("less than a minute"))],
        [Finding(sentence.format("1 hour"), serious=True)],
    )
    assert list(work.cdn(NOW + 2 * AGAIN)) == []


def test_redirect_is_not_followed(network: Network) -> None:
    network.status = 307

    assert not tell(now=NOW)

    assert [path for path, _, _ in network.told] == ["/purge?zone=1"]
    assert Chore.objects.get(name=telling_cdn.FAILING).mark == "status 307"


def test_network_that_is_away_is_told_later(network: Network) -> None:
    # First its thread, which would still take a connection, and drop it.
    network.shutdown()
    network.server_close()

    assert not tell(now=NOW)

    assert Chore.objects.get(name=telling_cdn.FAILING).mark == "ConnectionRefusedError"


def test_network_that_is_silent_is_not_waited_for(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = threading.Event()
    monkeypatch.setattr(telling_cdn, "PATIENCE", 0.05)
    monkeypatch.setattr(Call, "do_POST", lambda call: silent.wait(60) and None)
    try:
        assert not tell(now=NOW)
    finally:
        silent.set()

    assert Chore.objects.get(name=telling_cdn.FAILING).mark in {"TimeoutError", "RemoteDisconnected"}


def test_certificate_of_somebody_else_is_told_nothing(network: Network, settings: Settings, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
    ]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    network.socket = context.wrap_socket(network.socket, server_side=True, do_handshake_on_connect=False)
    settings.CDN_PURGE_URL = settings.CDN_PURGE_URL.replace("http:", "https:")

    assert not tell(now=NOW)

    assert network.told == []
    assert Chore.objects.get(name=telling_cdn.FAILING).mark == "SSLCertVerificationError"


def test_of_several_workers_one_tells_and_another_takes_over_where_it_died(network: Network) -> None:
    # As a worker leaves it that has the work and dies before it told anybody.
    Chore.objects.take(telling_cdn.TOLD, now=NOW, until=NOW + LEASE)

    assert [tell(now=NOW + LEASE - SECOND), tell(now=NOW + LEASE)] == [False, True]


def test_without_a_cdn_nobody_is_told_and_nothing_is_written() -> None:
    assert not tell(now=NOW)
    assert not Chore.objects.exists()
    assert list(work.cdn(NOW)) == []
