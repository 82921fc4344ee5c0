"""A small browser: cookies, forms and redirects over plain HTTP, from a network address of its own choosing."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from scripts.processes import HOST

CUT = 0
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What came back: status (0 without a whole answer), headers, text, and how many seconds it took."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    seconds: float

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return self.headers.get(name, "")

    @property
    def location(self) -> str:
        """Where a redirect leads, as a path."""
        parts = urlsplit(self.header("Location"))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def hidden(self) -> dict[str, str]:
        """Return the hidden fields of the page's forms; of a name that stands twice, the last."""
        inputs = [dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(self.text)]
        return {
            one["name"]: unescape(one.get("value", ""))
            for one in inputs
            if one.get("type") == "hidden" and "name" in one
        }


@dataclass
class Browser:
    """One client of the site.

    Attributes:
        port: where the site listens, on `host`.
        address: the network address the client claims by X-Forwarded-For; believed where loopback is a trusted proxy.
    """

    port: int
    address: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 60
    host: str = HOST

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.call("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form as the page itself would."""
        own = {"Origin": f"http://{self.host}:{self.port}", "Sec-Fetch-Site": "same-origin"}
        body = urlencode(fields).encode()
        return self.call("POST", path, body, own | {"Content-Type": "application/x-www-form-urlencoded"} | headers)

    def call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send one request; status CUT where the connection ended without an answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.address:
            sent["X-Forwarded-For"] = self.address
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        began = time.perf_counter()
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(CUT, http.client.HTTPMessage(), "", time.perf_counter() - began)
        finally:
            connection.close()
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        return Answer(response.status, response.headers, text, time.perf_counter() - began)
