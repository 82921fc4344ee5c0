"""Settings of a site on several machines, each of them optional: a copy of the database to read from, a network that is told of edits."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from clinic import env
from clinic.addressing import split
from clinic.env import Settings


def replica(url: str, *, database: Settings, pool_size: int) -> Settings:
    """Return what REPLICA_URL adds to `DATABASES`: nothing, or the copy of a PostgreSQL, which is only read from.

    Raises:
        ImproperlyConfigured: it, or the database itself, is no PostgreSQL, or it cannot be read.
    """
    if not url:
        return {}
    found = env.database(url, pool_size=pool_size, setting="REPLICA_URL")
    if not found["ENGINE"] == database["ENGINE"] == "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "REPLICA_URL must be a postgresql:// URL, and DATABASE_URL one too: it names a copy of it."
        )
    options = found["OPTIONS"]
    # A page that waits for the copy is drawn from the database instead, so nothing of it is waited for long.
    options |= {
        "options": f"{options['options']} -c default_transaction_read_only=on -c statement_timeout=2000",
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "pool": {"min_size": 0, "max_size": pool_size, "timeout": 1, "reconnect_timeout": 1},
    }
    return {"replica": found | {"CONN_HEALTH_CHECKS": False}}


def purge_url(url: str, *, token: str) -> str:
    """Return CDN_PURGE_URL, or "" where none is set.

    Raises:
        ImproperlyConfigured: it is no such address, or CDN_PURGE_TOKEN would be sent without TLS, or to nobody.
    """
    _refuse_token(url, token)
    if not url:
        return ""
    parts = split("CDN_PURGE_URL", url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.geturl().isascii():
        raise ImproperlyConfigured("CDN_PURGE_URL must be an https:// address, or an http:// one without a token.")
    if parts.username is not None or parts.password is not None:
        raise ImproperlyConfigured("CDN_PURGE_URL has a user name or a password: set CDN_PURGE_TOKEN in its place.")
    return parts.geturl()


def _refuse_token(url: str, token: str) -> None:
    if token and not url:
        raise ImproperlyConfigured("CDN_PURGE_TOKEN is set, and CDN_PURGE_URL is not: nobody would be told.")
    if token and not url.startswith("https://"):
        raise ImproperlyConfigured(
            "CDN_PURGE_URL must be https, as CDN_PURGE_TOKEN could be read on its way otherwise."
        )
    if not (token.isascii() and token.isprintable()):
        raise ImproperlyConfigured("CDN_PURGE_TOKEN holds a character that no header can have.")
