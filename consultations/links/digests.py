"""Keyed digests: values that can be compared, but not read from a copy of the database. A leaf."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed(purpose: str, text: str) -> str:
    """Return the digest of `text` for one purpose, as 64 hexadecimal digits; other purposes give other digests."""
    return _digest(purpose, text, settings.SECRET_KEY)


def readings(purpose: str, text: str) -> list[str]:
    """Return the digest under the present key and under every fallback key: what an older row may hold."""
    return [_digest(purpose, text, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(purpose: str, text: str, key: str) -> str:
    return salted_hmac(purpose, text.encode("utf-8", "replace"), secret=key, algorithm="sha256").hexdigest()
