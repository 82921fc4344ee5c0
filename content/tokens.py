"""Signed tokens of links that open a page to whoever has them: making and checking them. Pure.

A token is a public half that finds the row and a secret half that only this site's SECRET_KEY can make, so a stolen
database opens no page, the same link can be written again later, and changing or closing the row revokes it. `salt` names the kind of
link: a token of one kind opens nothing of another.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

ID_LENGTH = 16  # 96 bits, base64url
MAC_LENGTH = 32  # 192 bits, base64url


def new_id() -> str:
    """Return a fresh public half."""
    return secrets.token_urlsafe(12)


def token_for(link_id: str, *, salt: str) -> str:
    """Return the token for a row's `link_id`."""
    return link_id + _mac(link_id, salt, settings.SECRET_KEY)


def link_id_from(token: str, *, salt: str) -> str | None:
    """Return the public half of a genuine token, else None. Tokens made with a fallback key stay valid."""
    if len(token) != ID_LENGTH + MAC_LENGTH or not token.isascii():
        return None
    link_id, mac = token[:ID_LENGTH], token[ID_LENGTH:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # No early exit: how long the answer takes says nothing about which key matched.
    matches = [hmac.compare_digest(mac, _mac(link_id, salt, key)) for key in keys]
    return link_id if any(matches) else None


def _mac(link_id: str, salt: str, key: str) -> str:
    digest = salted_hmac(salt, link_id, secret=key, algorithm="sha256").digest()[:24]
    return base64.urlsafe_b64encode(digest).decode()
