"""Log lines as JSON objects (LOG_FORMAT=json), with the request they belong to and without what visitors wrote."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
import uuid
from contextvars import ContextVar

# What a proxy may call a request: nginx's $request_id, a UUID, or the like.
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# What a line may say besides its words; see `clinic/observing.py`.
EXTRAS = ("view", "status", "milliseconds")

request_id: ContextVar[str] = ContextVar("request_id", default="")


def chosen_id(named: str) -> str:
    """Return the id that a trusted proxy has named, or a new one where it named none or one that cannot be used."""
    return named if REQUEST_ID.fullmatch(named) else uuid.uuid4().hex


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, request id, and of an exception its class and where it was raised.

    Never what an exception says: a database's, for example, quotes the row.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if named := request_id.get():
            line["request_id"] = named
        line |= {name: vars(record)[name] for name in EXTRAS if name in vars(record)}
        if record.exc_info and record.exc_info[0]:
            kind, _, where = record.exc_info
            line["exception"] = kind.__qualname__
            line["raised_at"] = [f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(where)]
        return json.dumps(line, ensure_ascii=False)
