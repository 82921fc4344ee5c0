"""Asks pages of other sites whether they are there. Only a command uses it; no page of ours waits for another site. No models.

Addresses are written by editors and answered by strangers: a name that leads into a private network, by itself or by a
redirect, is not asked, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from time import monotonic
from urllib.parse import quote, urljoin, urlsplit

from django.db.models import TextChoices

from content import addresses
from content.time_limit import shut_down, time_limit

MOST_REDIRECTS = 8
PORTS = {"http": 80, "https": 443}
# Answers of sites that turn programs away; people may well see a page there.
TURNED_AWAY = {401, 402, 403, 407, 429, 451, 999}


class Verdict(TextChoices):
    """What came of asking."""

    OK = "ok", "There"
    UNCLEAR = "unclear", "Turned away"
    BROKEN = "broken", "Broken"


@dataclass(frozen=True)
class Answer:
    """What a page answered: the status of its last answer (None: there was none), and what it means in words."""

    url: str
    verdict: Verdict
    status: int | None
    words: str


@dataclass(frozen=True)
class Manner:
    """How to ask.

    Attributes:
        agent: who asks, for the other site's log.
        timeout: seconds for one page, redirects included.
        threads: how many sites are asked at the same time; of one site, one page after the other.
        private: whether addresses within a private network, or of this machine, are asked too.
    """

    agent: str
    timeout: float = 15
    threads: int = 8
    private: bool = False


class _RefusedError(Exception):
    """Not asked, or not understood; the text is for the report."""


def ask_all(urls: Iterable[str], manner: Manner) -> Iterator[Answer]:
    """Yield what each page answered, as answers come in."""
    by_site: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_site.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    pool = ThreadPoolExecutor(manner.threads, thread_name_prefix="check-links")
    try:
        waiting = {pool.submit(ask, pages[0], manner): pages[1:] for pages in by_site.values()}
        while waiting:
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                if left := waiting.pop(done):
                    waiting[pool.submit(ask, left[0], manner)] = left[1:]
                yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def ask(url: str, manner: Manner) -> Answer:
    """Return what a page answers to HEAD, or to GET where it does not like that; redirects are followed."""
    ends = monotonic() + manner.timeout
    try:
        status = _follow(HTTPMethod.HEAD, url, manner, ends)
        if status >= HTTPStatus.BAD_REQUEST:
            status = _follow(HTTPMethod.GET, url, manner, ends)
    except (_RefusedError, OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or monotonic() >= ends
        return Answer(url, Verdict.BROKEN, None, _why(error, manner.timeout, late=late))
    if status < HTTPStatus.BAD_REQUEST:
        return Answer(url, Verdict.OK, status, "there")
    if status in TURNED_AWAY:
        return Answer(url, Verdict.UNCLEAR, status, f"turns programs away ({status}); please look yourself")
    return Answer(url, Verdict.BROKEN, status, f"answers {status}")


def _why(error: Exception, timeout: float, *, late: bool) -> str:
    """Return in words why there is no answer."""
    if isinstance(error, _RefusedError):
        return str(error)
    if late:
        return f"no answer within {timeout:g} seconds"
    if isinstance(error, ssl.SSLError):
        return f"no safe connection: {error.reason or error}"
    return f"no answer: {str(error) or type(error).__name__}"


def _follow(method: HTTPMethod, url: str, manner: Manner, ends: float) -> int:
    """Return the status at the end of the redirects."""
    for _ in range(MOST_REDIRECTS + 1):
        status, location = _send(method, url, manner, ends)
        if not (HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST and location):
            return status
        url = urljoin(url, location)
    raise _RefusedError(f"leads on more than {MOST_REDIRECTS} times")


def _send(method: HTTPMethod, url: str, manner: Manner, ends: float) -> tuple[int, str]:
    """Return the status of one answer and where it leads; its body is not read."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise _RefusedError(f"leads to {url[:80]}, which is no web address")
    host, port = addresses.ascii_host(parts.hostname), parts.port or PORTS[parts.scheme]
    left = ends - monotonic()
    if left <= 0:
        raise TimeoutError
    place = _place(host, port, private=manner.private)
    connection = _Connection(host, port, place, left, secure=parts.scheme == "https")
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")}" if parts.query else ""
        with time_limit(left, lambda: shut_down(connection.sock)):
            connection.request(method, path + query, headers={"User-Agent": manner.agent, "Accept": "*/*"})
            response = connection.getresponse()
            return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def _place(host: str, port: int, *, private: bool) -> tuple[str, int]:
    """Return the address of a host that may be asked."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise _RefusedError(f"there is no site called {host}") from None
    if not private and not all(_is_public(address) for address in found):
        raise _RefusedError(f"{host} is within a private network and was not asked")
    return found[0], port


def _is_public(address: str) -> bool:
    """Return whether an IP address is one of the internet at large."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


class _Connection(http.client.HTTPConnection):
    """A connection to one address, whatever its host's name leads to by now."""

    def __init__(self, host: str, port: int, place: tuple[str, int], timeout: float, *, secure: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self.place, self.secure = place, secure
        self.default_port = PORTS["https" if secure else "http"]
        self.seconds = timeout

    def connect(self) -> None:
        """Connect to the address, and for https check that it is the host."""
        self.sock = socket.create_connection(self.place, self.seconds)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
