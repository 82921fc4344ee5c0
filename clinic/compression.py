"""Compression of answers: caches are told that it depends on the visitor's browser, and only personal pages get random padding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware, best_coding

# Public answers that a process keeps compressed, some ten kilobytes each.
MOST_KEPT = 200


class CompressionMiddleware(HttpCompressionMiddleware):
    """The library's, save for what a shared cache must know and for its padding of public pages.

    The padding (`x-noise`) hides how well a secret and what somebody else sent compress together (the BREACH attack). A page
    that is the same for everyone has no secret.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep nothing yet."""
        super().__init__(get_response)
        self._lock = Lock()
        # By the digest of what was compressed, and the coding.
        self._kept: dict[tuple[bytes, str], bytes] = {}

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Compress what can be; say so of what would be for another browser, too.

        A public answer is compressed once: readers who come by many addresses, as from a campaign, are given the same bytes.
        """
        key = _key(request, response)
        kept = self._kept.get(key) if key else None
        if key and kept is not None:
            patch_vary_headers(response, ("accept-encoding",))
            response.content = kept  # type: ignore[attr-defined]  # whatever has a key is a whole answer
            response.headers["Content-Length"], response.headers["Content-Encoding"] = str(len(kept)), key[1]
        else:
            super().maybe_compress(request, response)
            if key and response.has_header("Content-Encoding"):
                self._keep(key, response.content)  # type: ignore[attr-defined]
        if self.content_type_re.match(response.headers.get("Content-Type", "")):
            # Else a cache that was first asked by a program without compression would send the bare page to everyone.
            patch_vary_headers(response, ("Accept-Encoding",))
        if not is_personal(response):
            response.headers.pop("x-noise", None)

    def _keep(self, key: tuple[bytes, str], body: bytes) -> None:
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = body


def _key(request: HttpRequest, response: HttpResponseBase) -> tuple[bytes, str] | None:
    """Return by what a compressed answer is kept; None for one that is kept nowhere."""
    coding = best_coding(request.headers.get("Accept-Encoding", ""))
    # The library has more to do with one that has a tag already.
    done = response.has_header("Content-Encoding") or response.has_header("ETag")
    if not isinstance(response, HttpResponse) or coding == "identity" or done or is_personal(response):
        return None
    return hashlib.sha256(response.content).digest(), coding


def is_personal(response: HttpResponseBase) -> bool:
    """Return whether an answer may differ between visitors: by its cookies, or because no cache may share it."""
    caching = response.headers.get("Cache-Control", "").lower()
    return (
        bool(response.cookies)
        or "cookie" in response.headers.get("Vary", "").lower()
        or "private" in caching
        or "no-store" in caching
    )
