"""The page and link that led to a request, as words for staff and as data. Pure."""

from __future__ import annotations

import datetime as dt

from content import attribution

WORDS_LENGTH = 120
UNKNOWN = "unknown"


def read(token: str, *, landing: str, last_page: str, now: dt.datetime) -> tuple[str, dict[str, str]]:
    """Return (words, data); a token that is forged or too old says "unknown", no token says nothing.

    Args:
        token: the signed attribution of the link that was followed.
        landing: the first page of the visit, as the browser tells it; not proof of anything.
        last_page: the page before the form, likewise.
        now: the token's age is judged by it.
    """
    found = attribution.read(token, now)
    told = {"landing": attribution.visited(landing), "last_page": attribution.visited(last_page)}
    data = (found.as_json() if found else {}) | {name: page for name, page in told.items() if page}
    if found:
        return found.words[:WORDS_LENGTH], data
    return UNKNOWN if token else "", data
