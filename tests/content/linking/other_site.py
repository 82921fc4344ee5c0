"""Another site, on this machine, that answers as sites do: well, badly, late and never."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class OtherSite(ThreadingHTTPServer):
    """Notes what it was asked, and how many pages were asked at the same time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.asked: list[str] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class _Pages(BaseHTTPRequestHandler):
    server: OtherSite

    def do_HEAD(self) -> None:
        """Answer as the path says: /404, /to/there, /no-head, /never, /drip."""
        self.server.asked.append(f"{self.command} {self.path}")
        path = self.path.partition("?")[0]
        if path == "/never":
            self.server.over.wait(20)
            return
        if path == "/drip":
            while not self.server.over.wait(0.05):
                self.wfile.write(b"X")
            return
        if path == "/no-head":
            self._answer(405 if self.command == "HEAD" else 200)
        elif path.startswith("/to/"):
            self._answer(302, path.removeprefix("/to/") if "://" in path else path.removeprefix("/to"))
        else:
            self._answer(int(path[1:]) if path[1:].isdecimal() else 200)

    do_GET = do_HEAD  # noqa: N815  http.server's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
        """Say nothing."""

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def other_site() -> Iterator[OtherSite]:
    """Run it for a while."""
    site = OtherSite()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        site.shutdown()
        site.server_close()
        thread.join(5)
