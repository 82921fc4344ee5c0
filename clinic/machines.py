"""Settings of a site on several machines, each of them optional: a copy of the database to read from."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from clinic import env
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
