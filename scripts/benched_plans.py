"""The plans of the slowest queries that scripts/benched_desk.py has seen, as the database ran them."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from scripts.benched_booking import Query

# With the page that asked each.
SEEN: list[tuple[str, Query]] = []


def explained(number: int) -> dict[str, Any]:
    """Run each query that was seen, and return the plans of the slowest."""
    timed: dict[str, tuple[float, str, Any]] = {}
    for page, (statement, values) in SEEN:
        if statement.startswith("SELECT"):
            with connection.cursor() as cursor:
                began = time.perf_counter()
                cursor.execute(statement, values)
                cursor.fetchall()
                timed.setdefault(statement, (time.perf_counter() - began, page, values))
    slowest = sorted(timed.items(), key=lambda one: -one[1][0])[:number]
    return {"plans": [plan(page, seconds, statement, values) for statement, (seconds, page, values) in slowest]}


def plan(page: str, seconds: float, statement: str, values: Any) -> dict[str, Any]:
    """Return a query with its plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {statement}", values)
        lines = [line for (line,) in cursor.fetchall()]
    return {"page": page, "seconds": seconds, "statement": statement, "plan": lines}
