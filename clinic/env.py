"""Typed reading of environment settings, with sentences for the person who has to mend them.

A thin layer over environs: every secret may come from a file (`SECRET_KEY_FILE`), all bad values are reported together,
and URLs for the database, mail and cache become Django's settings.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv

from consultations.limits import table

# WAL lets readers and one writer work side by side; IMMEDIATE takes the write lock at BEGIN, so a check inside a
# transaction cannot be overtaken; FULL keeps the last commits through a power cut (https://www.sqlite.org/wal.html).
# What is deleted or overwritten is zeroed in the file, so that an erased name cannot be read from its free pages.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON;",
}

type Settings = dict[str, Any]


def reader() -> FileAwareEnv:
    """Return an environment reader that collects mistakes until `finish`; `X_FILE` is read in place of `X`."""
    return FileAwareEnv(eager=False, strip_whitespace=True)


def finish(env: FileAwareEnv) -> None:
    """Stop the start with one sentence per bad variable.

    Raises:
        ImproperlyConfigured: when any variable read so far was unusable.
    """
    try:
        env.seal()
    except EnvValidationError as error:
        found = error.error_messages if isinstance(error.error_messages, Mapping) else {"": error.error_messages}
        sentences = [f"{name}: {' '.join(map(str, reasons))}" for name, reasons in found.items()]
        raise ImproperlyConfigured("Bad settings in the environment. " + " ".join(sentences)) from None


def words(value: str) -> list[str]:
    """Return a comma-separated value as trimmed words."""
    return [word for part in value.split(",") if (word := part.strip())]


def site_url(value: str) -> str:
    """Return the site's public origin without a trailing slash."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"SITE_URL is {value!r}; it must be an origin such as https://www.clinic.example.")
    return value.rstrip("/")


def database(url: str, *, pool_size: int) -> Settings:
    """Return Django's settings for a `sqlite:///path` or `postgresql://user@host/name` URL; the latter is pooled."""
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL is {_without_password(url)!r}; it must be a sqlite:///path or a postgresql://user@host/name URL."
        )
    try:
        found: Settings = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from None
    if not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with a file's path or a database's name.")
    if scheme == "sqlite":
        _make_folder(found["NAME"])
        return found | {"CONN_MAX_AGE": None, "OPTIONS": SQLITE_OPTIONS}
    # The pool keeps connections, so Django itself must not keep them as well.
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    # The health check spares the first visitors after a restart of the database a broken connection.
    return found | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": found.get("OPTIONS", {}) | {"pool": pool}}


def mailer(url: str) -> Settings:
    """Return one entry of `MAILERS` for `smtp://`, `smtp+tls://`, `smtps://`, `file:///folder` or `console:`.

    SMTP gets a time-out (15 s unless `?timeout=` says otherwise): a hanging server must not stop the worker.
    """
    parts = urlsplit(url)
    backend = "django.core.mail.backends."
    if parts.scheme == "console":
        return {"BACKEND": backend + "console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"BACKEND": backend + "filebased.EmailBackend", "OPTIONS": {"file_path": unquote(parts.path)}}
    if parts.scheme in {"smtp", "smtp+tls", "smtps"} and parts.hostname:
        try:
            port = parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme]
            timeout = int(parse_qs(parts.query).get("timeout", ["15"])[0])
        except ValueError as error:
            raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {error}.") from None
        options = {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": timeout,
        }
        return {"BACKEND": backend + "smtp.EmailBackend", "OPTIONS": options}
    raise ImproperlyConfigured(
        f"EMAIL_URL is {_without_password(url)!r}; it must be smtp://, smtp+tls:// or smtps:// with a host, file:///folder, or console:."
    )


def cache(url: str) -> Settings:
    """Return one entry of `CACHES` for `locmem:`, `redis://host`, or `database:table`."""
    parts = urlsplit(url)
    backend = "django.core.cache.backends."
    if parts.scheme == "locmem":
        return {"BACKEND": backend + "locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return {"BACKEND": backend + "redis.RedisCache", "LOCATION": url}
    if parts.scheme == "database" and parts.path:
        return {"BACKEND": backend + "db.DatabaseCache", "LOCATION": parts.path}
    raise ImproperlyConfigured(
        f"CACHE_URL is {_without_password(url)!r}; it must be locmem:, redis://host, or database:table."
    )


def limits(value: str, *, requests_per_hour: int) -> dict[str, int]:
    """Return the ceilings of limits/table.py that the operator has changed."""
    try:
        return table.adjusted(value, requests_per_hour=requests_per_hour)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def networks(value: str) -> list[str]:
    """Return the proxies' networks in CIDR form; only these may tell us a visitor's address."""
    try:
        return [str(ipaddress.ip_network(word, strict=False)) for word in words(value)]
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES holds something that is no address or network: {error}.") from None


def _make_folder(database_file: str) -> None:
    """Make the folder that SQLite writes to; it makes the file itself."""
    if database_file == ":memory:":
        return
    try:
        Path(database_file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATABASE_URL names a file whose folder cannot be made: {error}.") from None


def _without_password(url: str) -> str:
    """Return the URL as an error message may show it."""
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":…@") if parts.password else url
