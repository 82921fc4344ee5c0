"""Whether the database, with the queue of messages in it, can be used: answered within about a second."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any

import psycopg
from django.db import DatabaseError, connection

QUEUE = "SELECT 1 FROM consultations_message LIMIT 1"
# Probes ask again every few seconds, and most of them wait no longer than this.
PATIENCE = dt.timedelta(seconds=1)
# The driver gives up after two seconds at the earliest, and a name is looked up for as long as the system likes. A server
# that is silent holds these threads and no others; while both are held, the answer is no, and in time.
_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="readyz")


def fault() -> str:
    """Return why the database cannot be used, in one line, or "" where it can."""
    if connection.vendor == "postgresql":
        return fault_of_server(connection.get_connection_params())
    try:
        with connection.cursor() as cursor:
            cursor.execute(QUEUE)
    except DatabaseError as error:
        return _in_one_line(error)
    return ""


def fault_of_server(parameters: dict[str, Any]) -> str:
    """Return why a PostgreSQL with these parameters cannot be used, in one line, or "" where it can."""
    asked = _asking.submit(_ask, parameters)
    try:
        asked.result(PATIENCE.total_seconds())
    except TooLate:
        return f"no answer within {PATIENCE.total_seconds():g} s"
    except psycopg.Error as error:
        return _in_one_line(error)
    finally:
        asked.cancel()
    return ""


def _ask(parameters: dict[str, Any]) -> None:
    """Read the queue over a connection of its own: one of the pool would be waited for, for ten seconds."""
    with psycopg.connect(**parameters | {"connect_timeout": 2}) as own:
        own.execute("SET statement_timeout = 1000")
        own.execute(QUEUE)


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
