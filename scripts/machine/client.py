"""Asks the proxy as a browser does, and watches a page while something happens to it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
CUT = 0


@dataclass
class Answer:
    """Status, headers and text of an answer; the text is empty where it is compressed."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode(errors="replace")

    @property
    def names(self) -> set[str]:
        """The names of its headers, as they are usually written."""
        return {"-".join(part.capitalize() for part in name.split("-")) for name in self.headers}

    @property
    def caching(self) -> str:
        """Its Cache-Control."""
        return self.header("Cache-Control")

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return self.headers.get(name, "")


class Client:
    """A client of one port; with a certificate it speaks TLS and believes that one only."""

    def __init__(self, port: int, certificate: Path | None = None) -> None:
        self.port = port
        self.context = ssl.create_default_context(cafile=str(certificate)) if certificate else None

    def get(self, path: str, headers: dict[str, str] | None = None, timeout: float = 40) -> Answer:
        """Ask for a page over a connection of its own."""
        return self.ask("GET", path, None, headers or {}, timeout)

    def post(self, path: str, size: int) -> Answer:
        """Send so many bytes."""
        return self.ask("POST", path, b"x" * size, {"Content-Type": "application/x-www-form-urlencoded"}, 40)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float) -> Answer:
        """Ask, and return the answer."""
        with contextlib.closing(self.connection(timeout)) as connection:
            # A server that refuses a body answers before it has read it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, {"Host": HOST} | headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        """Return a new connection."""
        if self.context is None:
            return http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        return http.client.HTTPSConnection(HOST, self.port, timeout=timeout, context=self.context)

    def tls_version(self) -> str:
        """Return what is spoken."""
        with socket.create_connection((HOST, self.port), 10) as plain:
            context = self.context or ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=HOST) as encrypted:
                return str(encrypted.version())

    def refuses_old_tls(self) -> bool:
        """Return whether TLS 1.1 is refused."""
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.maximum_version = old.minimum_version = ssl.TLSVersion.TLSv1_1
        try:
            http.client.HTTPSConnection(HOST, self.port, context=old).connect()
        except (ssl.SSLError, ConnectionResetError):
            return True
        return False


@dataclass
class Seen:
    """What readers of a page were shown, and until when: (time it was asked for, status, text); times are Unix seconds."""

    pages: list[tuple[float, int, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The last status."""
        return self.pages[-1][1] if self.pages else CUT

    def latest(self, words: str) -> bool:
        """Return whether the last page had these words."""
        return bool(self.pages) and words in self.pages[-1][2]

    def last_without(self, words: str) -> float:
        """Return when the last page without these words was asked for."""
        return max((at for at, _, text in self.pages if words not in text), default=0)

    def last_with(self, status: int) -> float:
        """Return when the last page with this status was asked for."""
        return max((at for at, each, _ in self.pages if each == status), default=0)


@contextlib.contextmanager
def watch(client: Client, path: str, readers: int = 4, patience: float = 40) -> Iterator[Seen]:
    """Let several read a page again and again meanwhile; `patience` is how many seconds they wait for an answer."""
    seen, stop = Seen(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            began = time.time()
            try:
                answer = client.get(path, timeout=patience)
                seen.pages.append((began, answer.status, answer.text))
            except (OSError, http.client.HTTPException):
                seen.pages.append((began, CUT, ""))
            stop.wait(0.02)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(readers)]
    for thread in threads:
        thread.start()
    wait_for_first(seen)
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join(patience + 1)


def wait_for_first(seen: Seen) -> None:
    """Return once somebody has been shown something."""
    until = time.monotonic() + 10
    while not seen.pages and time.monotonic() < until:
        time.sleep(0.01)
