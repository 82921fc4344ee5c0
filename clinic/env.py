"""Reads settings from the environment, with a sentence for each bad value.

A thin layer over environs: every secret may come from a file (`SECRET_KEY_FILE`), all bad values are reported together,
and URLs for the database, mail and cache become Django's settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import dj_database_url
import psycopg
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv
from psycopg.conninfo import make_conninfo

from clinic.addressing import ENCODE, split
from consultations.limits import table

# WAL lets readers and one writer work side by side; IMMEDIATE takes the write lock at BEGIN, so a check inside a
# transaction cannot be overtaken; FULL keeps the last commits through a power cut (https://www.sqlite.org/wal.html).
# What is deleted or overwritten is zeroed in the file, so that an erased name cannot be read from its free pages.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON;",
}

# What PostgreSQL is told for each of our connections. Compiling a query takes longer than any of ours runs, and disks find a row as
# quickly as the next one. A node that vanishes says nothing, and what it was just changing would stay locked for two
# hours: so the server asks whether it still lives, and after eleven seconds takes back what it had begun.
SESSION = (
    "-c jit=off -c random_page_cost=1.1"
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=11000"
)

# What may stand after the ? of a PostgreSQL's URL besides the driver's own options.
DJANGO_OPTIONS = frozenset({"assume_role", "isolation_level", "server_side_binding"})

type Settings = dict[str, Any]


class _Reader(FileAwareEnv):
    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            return super()._get_value(env_key, default)
        except (OSError, ValueError):
            # Not there, not ours to read, a folder, or no text.
            raise ImproperlyConfigured(f"{env_key}_FILE names no file that can be read as text.") from None


def reader() -> FileAwareEnv:
    """Return an environment reader that collects mistakes until `finish`; `X_FILE` is read in place of `X`."""
    return _Reader(eager=False, strip_whitespace=True)


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


def refuse_weak(name: str, keys: list[str]) -> None:
    """Stop the start where a secret can be guessed: too short, of few characters, repeating, or out of an example."""
    for key in keys:
        known = re.search("change.?me|django-insecure|your.?secret|placeholder|replace.?me|secret.?key", key.lower())
        if len(key) < 50 or len(set(key)) < 10 or key in (key + key)[1:-1] or known:
            raise ImproperlyConfigured(
                f"{name} is weak: it can be guessed. Make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
            )


def refuse_no_keys(name: str, keys: list[str]) -> None:
    """Stop the start where what is to encrypt is no key: better now than at the first request."""
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"Key {position} in {name} is not a Fernet key. Make one with: "
                'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
            ) from None


def database(url: str, *, pool_size: int, setting: str = "DATABASE_URL") -> Settings:
    """Return Django's settings for a `sqlite:///path` or `postgresql://user@host/name` URL; the latter is pooled."""
    parts = split(setting, url)
    scheme = parts.scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{setting} must be a sqlite:///path or a postgresql://user@host/name URL.")
    try:
        found: Settings = dict(dj_database_url.parse(parts.geturl() if parts.hostname else url))
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"{setting} cannot be read. {ENCODE}") from None
    if scheme == "sqlite" and (parts.netloc or found.get("NAME") == ":memory:" or Path(found["NAME"]).is_dir()):
        raise ImproperlyConfigured(f"{setting} names no file: write sqlite:////full/path/to/file.")
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"{setting} names no database: end it with a file's path or a database's name.")
    if scheme == "sqlite":
        _make_folder(found["NAME"])
        return found | {"CONN_MAX_AGE": None, "OPTIONS": SQLITE_OPTIONS}
    options: Settings = found.get("OPTIONS", {})
    _refuse_unknown(options, setting)
    # What the URL says counts more.
    options = options | {"options": f"{SESSION} {options.get('options', '')}".strip()}
    # The pool keeps connections, so Django itself must not keep them as well.
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    # The health check spares the first visitors after a restart of the database a broken connection.
    return found | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options | {"pool": pool}}


def mailer(url: str) -> Settings:
    """Return one entry of `MAILERS` for `smtp://`, `smtp+tls://`, `smtps://`, `file:///folder` or `console:`.

    SMTP gets a time-out (15 s unless `?timeout=` says otherwise): a hanging server must not stop the worker.
    """
    parts = split("EMAIL_URL", url)
    backend = "django.core.mail.backends."
    if parts.scheme == "console":
        return {"BACKEND": backend + "console.EmailBackend"}
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return {"BACKEND": backend + "filebased.EmailBackend", "OPTIONS": {"file_path": unquote(parts.path)}}
    if parts.scheme in {"smtp", "smtp+tls", "smtps"} and parts.hostname:
        port = parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme]
        seconds = re.fullmatch(r"(?:timeout=([1-9][0-9]{0,2}))?", parts.query)
        if seconds is None or parts.path.strip("/"):
            raise ImproperlyConfigured("EMAIL_URL may end in ?timeout= with 1 to 999 seconds, and in nothing else.")
        if bool(parts.username) != bool(parts.password):
            raise ImproperlyConfigured(f"EMAIL_URL has a user name or a password, but not both. {ENCODE}")
        timeout = int(seconds[1] or 15)
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
        "EMAIL_URL must be smtp://, smtp+tls:// or smtps:// with a host, file:///folder, or console:."
    )


def cache(url: str) -> Settings:
    """Return one entry of `CACHES` for `locmem:`, `redis://host`, or `database:table`."""
    parts = split("CACHE_URL", url)
    backend = "django.core.cache.backends."
    if parts.scheme == "locmem":
        return {"BACKEND": backend + "locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
    if parts.scheme in {"redis", "rediss"} and parts.hostname and re.fullmatch(r"/?[0-9]{0,3}", parts.path):
        # A server that is silent must not stop a page: half a second is longer than any answer takes.
        patience = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        return {"BACKEND": "clinic.caches.PatientRedisCache", "LOCATION": parts.geturl(), "OPTIONS": patience}
    if parts.scheme == "database" and re.fullmatch(r"\w{1,63}", parts.path):
        return {"BACKEND": backend + "db.DatabaseCache", "LOCATION": parts.path}
    raise ImproperlyConfigured("CACHE_URL must be locmem:, redis://host, or database:table.")


def logs(form: str) -> Settings:
    """Return `LOGGING` for lines that are `plain` or `json`; none has the key of a private page."""
    if form not in {"plain", "json"}:
        raise ImproperlyConfigured("LOG_FORMAT must be plain or json.")
    console = {"class": "logging.StreamHandler", "formatter": form, "filters": ["private_paths"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": "clinic.json_log.JsonFormatter"},
        },
        "filters": {"private_paths": {"()": "clinic.reporting.PrivatePathFilter"}},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # When debugging, these repeat what a page was drawn from and what a statement wrote; that may be a person's words.
            "django.template": {"level": "INFO"},
            "django.db.backends": {"level": "INFO"},
        },
    }


def limits(value: str, *, requests_per_hour: int) -> dict[str, int]:
    """Return the ceilings of limits/table.py that the operator has changed."""
    try:
        return table.adjusted(value, requests_per_hour=requests_per_hour)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def _refuse_unknown(options: Settings, setting: str) -> None:
    """Stop the start where the driver would refuse every connection."""
    try:
        make_conninfo(**{name: value for name, value in options.items() if name not in DJANGO_OPTIONS})
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(f"{setting} has an option after the ? that PostgreSQL does not know.") from None


def _make_folder(database_file: str) -> None:
    """Make the folder that SQLite writes to; it makes the file itself."""
    if database_file == ":memory:":
        return
    try:
        Path(database_file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL names a file whose folder cannot be made: {error.strerror}."
        ) from None
