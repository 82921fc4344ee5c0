"""The web server's worker process: requests that it cannot read are refused with the headers that the site's own answers have."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from clinic.answer_headers import HEADERS

# Whether the connection is encrypted is not known here, so nothing is said of Strict-Transport-Security.
OWN = HEADERS | {"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store"}
LINES = "".join(f"{name}: {value}\r\n" for name, value in OWN.items()).encode("latin-1")
WITHOUT_CHARSET, WITH_CHARSET = b"Content-Type: text/html\r\n", b"Content-Type: text/html; charset=iso-8859-1\r\n"


class ServerWorker(ThreadWorker):  # type: ignore[misc,unused-ignore]  # the server ships no types
    """Where no proxy stands in front, these refusals (400, 414, 431, …) reach browsers as they are."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Refuse as the server does, with the headers."""
        super().handle_error(req, RefusedClient(client), addr, exc)


class RefusedClient:
    """The connection of a client that is refused: the answer that is sent over it gets the headers."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def sendall(self, answer: bytes) -> None:
        """Send an answer, which the server writes in one piece."""
        status, _, rest = answer.partition(b"\r\n")
        rest = rest.replace(WITHOUT_CHARSET, WITH_CHARSET, 1)
        self.connection.sendall(status + b"\r\n" + LINES + rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)
