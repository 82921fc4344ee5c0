"""Pages as tests ask for them."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, path: str) -> int:
    """Return how many queries a page took."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def text_of(client: Client, path: str) -> str:
    """Return a page's HTML."""
    return client.get(path).content.decode()
