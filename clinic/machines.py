"""Settings of a site on several machines, each of them optional: a copy of the database to read from, a storage for pictures, a network
that is told of edits."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import parse_qs, unquote

from django.core.exceptions import ImproperlyConfigured

from clinic import env
from clinic.addressing import ENCODE, split
from clinic.env import Settings

# As Amazon names them; others take no more.
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


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


def pictures(url: str) -> Settings:
    """Return what MEDIA_STORAGE adds to `STORAGES`: nothing, or a bucket (`s3://KEY:SECRET@host/bucket`; `s3+http://` without TLS).

    Raises:
        ImproperlyConfigured: it is no such address, or what speaks to it is not installed.
    """
    if not url:
        return {}
    parts = split("MEDIA_STORAGE", url)
    query, bucket = parse_qs(parts.query, keep_blank_values=True), parts.path.strip("/")
    login = parts.username and parts.password and parts.hostname
    if parts.scheme not in {"s3", "s3+http"} or not login or not BUCKET.fullmatch(bucket) or set(query) - {"region"}:
        raise ImproperlyConfigured(
            f"MEDIA_STORAGE must be s3://KEY:SECRET@host/bucket, and may end in ?region=; s3+http:// is without TLS. {ENCODE}"
        )
    if find_spec("storages") is None or find_spec("botocore") is None:
        raise ImproperlyConfigured(
            "MEDIA_STORAGE needs what requirements-s3.txt names: pip install --require-hashes -r requirements-s3.txt."
        )
    config = import_module("botocore.config").Config(
        # A picture is not waited for longer than a page.
        connect_timeout=2,
        read_timeout=5,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # Servers that are not Amazon's refuse its newer checksums; ours are compared anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    options = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": bucket,
        "endpoint_url": f"{'https' if parts.scheme == 's3' else 'http'}://{parts.netloc.rpartition('@')[2]}",
        "region_name": query.get("region", ["us-east-1"])[0],
        "client_config": config,
    }
    return {"pictures": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}


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
