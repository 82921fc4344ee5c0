"""Counts what was searched for and not found, by day and words alone: no address, no browser, nothing about who searched.

What looks like a person's mail address or number is not kept, and neither is anything beyond MOST_A_DAY different terms a day:
nobody can fill the table.
"""

from __future__ import annotations

import datetime as dt
import logging
import re

from django.db import DatabaseError, transaction
from django.db.models import F

from content.models import SearchMiss
from content.search.words import telling

logger = logging.getLogger(__name__)

MOST_A_DAY = 200
KEPT_DAYS = 90
LONGEST_TERM = 60
# An address or its domain, also in words; or as many digits as no year or dose has.
PERSONAL = re.compile(r"@|\bat\b.*\bdot\b|\b(?:g|hot|proton)mail|\bwww\.|://|\.(?:com|net|org)\b", re.IGNORECASE)
MOST_DIGITS = 4


def term_of(query: str) -> str:
    """Return a query in the words that say something, in one order, or "" where it is not to be kept."""
    if PERSONAL.search(query) or sum(sign.isdigit() for sign in query) > MOST_DIGITS:
        return ""
    term = " ".join(sorted(set(telling(query))))
    return term if len(term) <= LONGEST_TERM else ""


def note(query: str, *, now: dt.datetime) -> None:
    """Count a query that found nothing. Where the database cannot be written, nothing happens: the visitor only reads."""
    term, day = term_of(query), now.astimezone(dt.UTC).date()
    if not term:
        return
    try:
        with transaction.atomic():
            _count(term, day)
    except DatabaseError as error:
        logger.info("A search without result was not counted: %s", type(error).__name__)


def _count(term: str, day: dt.date) -> None:
    today = SearchMiss.objects.filter(day=day)
    if today.filter(term=term).update(count=F("count") + 1):
        return
    known = today.count()
    if known >= MOST_A_DAY:
        return
    if not known:
        SearchMiss.objects.filter(day__lt=day - dt.timedelta(days=KEPT_DAYS)).delete()
    # Another process may have written it since: then one of the two is not counted.
    SearchMiss.objects.bulk_create([SearchMiss(day=day, term=term)], ignore_conflicts=True)
