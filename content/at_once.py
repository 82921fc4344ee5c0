"""Answers of a moment ago, given again to who asks alike, before Django looks at the request.

Each is that of a kept page (caching.py) as Django sent it. It is given out only while the page cache would do so without
asking anything: as long as the process believes the content version that it read last, a quarter of a second at most, and not
past the moment at which the page changes by the clock.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from content import versions

# Where the page cache leaves a `KeptBody` in a request's environment.
MARK = "content.at_once"
# More are not asked for within a quarter of a second.
MOST = 500
# All that the answer of a kept page depends on, where the visitor names no copy of it.
ASKED = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "REMOTE_ADDR",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]


@dataclass(frozen=True)
class KeptBody:
    """What a kept page is answered with, until it changes by the clock or another content version than `read` is believed."""

    body: bytes
    until: dt.datetime
    read: versions.Read


@dataclass(frozen=True)
class Answer:
    """The same with its status and headers."""

    kept: KeptBody
    status: str
    headers: list[tuple[str, str]]


answers: dict[tuple[Any, ...], Answer] = {}


class AtOnce:
    """A WSGI application in front of Django's; `note` is told of each request that is answered here, with its seconds."""

    def __init__(self, application: Application, note: Callable[[Environ, float], None]) -> None:
        self._application, self._note = application, note

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as a moment ago, or let Django answer."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
            return self._application(environ, start_response)
        began, now = time.perf_counter(), timezone.now()
        key = tuple([environ.get(name) for name in ASKED])
        answer = answers.get(key)
        if answer and answer.kept.read is versions.last_read.believed(now) and now < answer.kept.until:
            start_response(answer.status, list(answer.headers))
            self._note(environ, time.perf_counter() - began)
            return [answer.kept.body]
        return self._answered(key, environ, start_response)

    def _answered(self, key: tuple[Any, ...], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = status, list(headers)
            return start_response(status, headers, *rest)

        body = self._application(environ, start)
        kept: KeptBody | None = environ.get(MARK)
        if kept:
            if len(answers) >= MOST:
                answers.clear()
            answers[key] = Answer(kept, *told)
        return body
