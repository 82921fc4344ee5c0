"""Counts what an address or network sends within a window, and refuses above the limit.

One table and one statement: the counter is raised and read in the same upsert, so any number of processes and hosts
count as one. Addresses are kept as digests that are other ones every hour, and the rows are pruned after two.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection

from consultations.exceptions import OverTheLimit
from consultations.limits.network import network_of
from consultations.links import digests
from consultations.models import RateCount

WINDOW = dt.timedelta(hours=1)
# A household, a ward or a telephone company's gateway share a network.
NEIGHBOURS = 4
PURPOSE = "consultations.rates"
UPSERT = """
    INSERT INTO consultations_ratecount (bucket, window_start, count) VALUES (%s, %s, 1)
    ON CONFLICT (bucket, window_start) DO UPDATE SET count = consultations_ratecount.count + 1
    RETURNING count
"""


def count_request(address: str, *, now: dt.datetime) -> int:
    """Count a request and return how many came from its address within the window; 0 where that is not counted.

    Call it inside the transaction that writes the request: what is not written is not counted. Always the address first
    and then the network, so that two transactions never wait for each other.

    Raises:
        OverTheLimit: the address or its network has sent as many as settings.REQUESTS_PER_HOUR allows.
    """
    limit: int = settings.REQUESTS_PER_HOUR
    if not address or not limit:
        return 0
    recent = hit("address", address, now=now)
    if recent > limit or hit("network", network_of(address), now=now) > limit * NEIGHBOURS:
        raise OverTheLimit(retry_after=window_start(now) + WINDOW - now)
    return recent


def hit(kind: str, who: str, *, now: dt.datetime) -> int:
    """Raise the counter of one bucket and return it."""
    begin = window_start(now)
    bucket = f"{kind}:{digests.keyed(PURPOSE, f'{begin.isoformat()} {who}')}"
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [bucket, connection.ops.adapt_datetimefield_value(begin)])
        return int(cursor.fetchone()[0])


def prune(*, now: dt.datetime) -> int:
    """Delete the counters of windows that are over, and return how many."""
    return RateCount.objects.filter(window_start__lt=window_start(now) - WINDOW).delete()[0]


def window_start(now: dt.datetime) -> dt.datetime:
    """Return the beginning of the hour that `now` is in (UTC)."""
    return now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
