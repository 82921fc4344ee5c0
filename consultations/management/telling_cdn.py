"""Tells a network that keeps our pages (CDN_PURGE_URL) of every edit, at least once each.

What is compared is the content version with the one that was told last, so that any number of edits are told at once and none is
forgotten, whoever dies. Each is told a second time some seconds later: by then, no web server and no proxy of ours answers with words of
before, which the network may have fetched between the edit and the first call.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import logging
import ssl
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings

from consultations.models import Chore
from content import caching, versions
from content.time_limit import shut_down, time_limit

logger = logging.getLogger(__name__)

# What was told last, and since when it fails, as rows of chores.
TOLD, FAILING = "CDN told", "CDN not told"
FIRST, SECOND = "first", "second"
# A worker that dies over a call leaves it to another one.
LEASE = dt.timedelta(seconds=30)
# A proxy of ours has a page for two seconds at most after its words were withdrawn (content/caching.py).
TWICE_AFTER = dt.timedelta(seconds=3)
AGAIN = dt.timedelta(seconds=10)
PATIENCE = 5.0


class NotTold(Exception):
    """The network did not take it; says why in words without its address."""


def tell(*, now: dt.datetime) -> bool:
    """Tell of the present version what was not told yet; return whether a call was made and taken."""
    if not settings.CDN_PURGE_URL:
        return False
    number = versions.current()
    told = Chore.objects.filter(name=TOLD).values_list("mark", flat=True).first()
    if told == f"{number} {SECOND}" or not Chore.objects.take(TOLD, now=now, until=now + LEASE):
        return False
    mine = Chore.objects.filter(name=TOLD, due_at=now + LEASE)
    try:
        call(number)
    except NotTold as error:
        mine.update(due_at=now + AGAIN)
        note_failure(str(error), now)
        return False
    mine.update(mark=f"{number} {SECOND if told == f'{number} {FIRST}' else FIRST}", due_at=now + TWICE_AFTER)
    if Chore.objects.filter(name=FAILING).delete()[0]:
        logger.warning("The CDN is told of edits again.")
    return True


def note_failure(why: str, now: dt.datetime) -> None:
    """Keep since when it fails, and why it did last; only the first of many is logged."""
    failing, is_new = Chore.objects.get_or_create(name=FAILING, defaults={"due_at": now, "mark": why})
    if is_new:
        logger.error("The CDN could not be told of an edit (%s); trying again.", why)
    else:
        Chore.objects.filter(pk=failing.pk).update(mark=why)


def call(version: int) -> None:
    """Send the version to CDN_PURGE_URL. No redirect is followed: the token is for that address alone.

    Raises:
        NotTold: it was not answered with 2xx in time.
    """
    parts = urlsplit(settings.CDN_PURGE_URL)
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with time_limit(PATIENCE, lambda: shut_down(connection.sock)):
            connection.request("POST", target, json.dumps({"version": version, "tags": [caching.CDN_TAG]}), _headers())
            status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        # The class only: what it says may name the address, which may hold a secret of its own.
        raise NotTold(type(error).__name__) from None
    finally:
        connection.close()
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotTold(f"status {status}")


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": f"clinic (+{settings.SITE_URL})"}
    token = settings.CDN_PURGE_TOKEN
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})
