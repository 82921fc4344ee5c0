"""Tokens of visitors' private links; content/tokens.py says how they are made. Changing the row's `link_id` revokes one."""

from __future__ import annotations

import hashlib

from content import tokens
from content.tokens import new_id

__all__ = ["link_id_from", "mark_of", "new_id", "token_for"]

SALT = "consultations.links"


def token_for(link_id: str) -> str:
    """Return the token for a row's `link_id`."""
    return tokens.token_for(link_id, salt=SALT)


def link_id_from(token: str) -> str | None:
    """Return the public half of a genuine token, else None. Tokens made with a fallback key stay valid."""
    return tokens.link_id_from(token, salt=SALT)


def mark_of(link_id: str) -> str:
    """Return a short mark by which a page of the desk can name a link without holding any part of it."""
    return hashlib.sha256(link_id.encode()).hexdigest()[:16]
