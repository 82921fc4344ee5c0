"""Compression of answers: caches are told that it depends on the visitor's browser, and only personal pages get random padding."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware


class CompressionMiddleware(HttpCompressionMiddleware):
    """The library's, save for what a shared cache must know and for its padding of public pages.

    The padding (`x-noise`) hides how well a secret and what somebody else sent compress together (the BREACH attack). A page
    that is the same for everyone has no secret.
    """

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Compress what can be; say so of what would be for another browser, too."""
        super().maybe_compress(request, response)
        if self.content_type_re.match(response.headers.get("Content-Type", "")):
            # Else a cache that was first asked by a program without compression would send the bare page to everyone.
            patch_vary_headers(response, ("Accept-Encoding",))
        if not is_personal(response):
            response.headers.pop("x-noise", None)


def is_personal(response: HttpResponseBase) -> bool:
    """Return whether an answer may differ between visitors: by its cookies, or because no cache may share it."""
    caching = response.headers.get("Cache-Control", "").lower()
    return (
        bool(response.cookies)
        or "cookie" in response.headers.get("Vary", "").lower()
        or "private" in caching
        or "no-store" in caching
    )
