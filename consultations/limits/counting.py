"""Counts what the table limits, and refuses beyond it.

One table of counters and one statement: all counters of a hit are looked at, raised and read in the same upsert, so any number of
processes and hosts count as one. A limit whose counts may be forgotten is counted in the cache server where there is one, and in
the table while it is away (decision 22). What is refused raises nothing, so nobody can fill a counter that others share
by being refused. Who is counted is kept as a keyed digest that is another one in every window; the rows are pruned when they are over.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import F

from consultations.exceptions import OverTheLimit
from consultations.limits.network import networks_of
from consultations.limits.table import DAY, HOUR, LIMITS, Limit, Who, ceiling
from consultations.links import digests
from consultations.models import RateCount

logger = logging.getLogger(__name__)

PURPOSE = "consultations.rates"
# 128 bits: two that are counted never meet.
DIGITS = 32
# Seconds for which a counter in a cache outlasts its window, where clocks differ.
SLACK = 60
UPSERT = """
    WITH wanted (bucket, window_start, most) AS (VALUES {rows})
    INSERT INTO consultations_ratecount (bucket, window_start, count) SELECT bucket, window_start, 1 FROM wanted WHERE {condition}
    ON CONFLICT (bucket, window_start) DO UPDATE SET count = consultations_ratecount.count + 1
    RETURNING bucket, count
"""
ALWAYS = "1 = 1"
# Nothing is counted where one of them is full.
IF_ALL_HAVE_ROOM = """
    NOT EXISTS (
        SELECT 1 FROM wanted JOIN consultations_ratecount AS kept
        ON kept.bucket = wanted.bucket AND kept.window_start = wanted.window_start AND kept.count >= wanted.most
    )
"""


@dataclass(frozen=True)
class Bucket:
    """One counter: of which limit and whose, its row's key, when its window began, and how many it takes."""

    limit: Limit
    who: Who
    key: str
    begin: dt.datetime
    most: int


def hit(
    limit: Limit,
    *,
    now: dt.datetime,
    address: str | None = None,
    request: int | None = None,
    account: str | None = None,
    mailbox: str | None = None,
    browser: str | None = None,
) -> int:
    """Count once and return how many the narrowest counter has now; 0 where the limit is off.

    Call it outside a transaction, so that the count outlasts a refusal of what follows and no counter stays locked.

    Args:
        limit: a row of the table.
        now: decides the window.
        address: the visitor's network address; "" where it cannot be known, which is counted too.
        request: the key of a consultation request.
        account: the name that somebody tries to log in with; counted with the address, and with its network, as a pair.
        mailbox: a mail address, made the same for the same mailbox (people.normal_email).
        browser: what a browser is known by.

    Raises:
        OverTheLimit: one of them has reached its ceiling.
    """
    buckets = _buckets(limit, now, address, request, account, mailbox, browser)
    if not buckets:
        return 0
    if limit.forgettable and (in_cache := _raise_in_cache(buckets, now)) is not None:
        _judge(buckets, in_cache, now)
        return in_cache[buckets[0].key]
    counts = _raise(buckets, IF_ALL_HAVE_ROOM)
    if not counts:
        found = _counts(buckets)
        for bucket in buckets:
            _refuse(bucket, found.get(bucket.key, 0) + 1, now)
        # A count was taken back in between.
        counts = _raise(buckets, ALWAYS)
    _judge(buckets, counts, now)
    return counts[buckets[0].key]


def hit_undone(limits: Sequence[Limit], *, now: dt.datetime, address: str | None) -> int:
    """Count once for several limits, in one statement, and return how many the narrowest counter of the last one has now.

    Call it inside the transaction of what is counted: a refusal undoes it, and with it the counts, so nobody looks before.

    Raises:
        OverTheLimit: one of them has reached its ceiling; the limits are asked in their order.
    """
    each = [_buckets(limit, now, address, None, None, None) for limit in limits]
    buckets = [bucket for those in each for bucket in those]
    counts = _raise(buckets, ALWAYS) if buckets else {}
    _judge(buckets, counts, now)
    return counts[each[-1][0].key] if each[-1] else 0


def is_open(
    limit: Limit,
    *,
    now: dt.datetime,
    address: str | None = None,
    request: int | None = None,
    account: str | None = None,
    mailbox: str | None = None,
) -> bool:
    """Return whether a hit would be allowed; counts nothing."""
    buckets = _buckets(limit, now, address, request, account, mailbox)
    counts = _counts(buckets)
    return all(counts.get(bucket.key, 0) < bucket.most for bucket in buckets)


def take_back(
    limit: Limit,
    *,
    now: dt.datetime,
    address: str | None = None,
    request: int | None = None,
    account: str | None = None,
    mailbox: str | None = None,
) -> None:
    """Undo one hit, as for what turned out to be nothing new; `now` is that of the hit."""
    keys = [bucket.key for bucket in _buckets(limit, now, address, request, account, mailbox)]
    for key in keys:
        # One by one in the order of `hit`, as one statement would lock them in an order of its own.
        RateCount.objects.filter(bucket=key, window_start=_begin(limit, now), count__gt=0).update(count=F("count") - 1)


def reached(*, now: dt.datetime) -> list[tuple[Limit, Who, dt.datetime]]:
    """Return which limits that concern everybody, or one account, are reached in the present window: (limit, who, until)."""
    found: list[tuple[Limit, Who, dt.datetime]] = []
    for limit in LIMITS.values():
        for who in (Who.EVERYBODY, Who.ACCOUNT):
            most = ceiling(limit, who, settings.LIMITS) if who in limit.ceilings else 0
            rows = RateCount.objects.filter(
                window_start=_begin(limit, now), bucket__startswith=f"{limit.name}.{who}:", count__gte=most
            )
            if most and rows.exists():
                found.append((limit, who, _begin(limit, now) + limit.window))
    return found


def prune(*, now: dt.datetime) -> int:
    """Delete the counters of windows that are over and of the one before, and return how many."""
    long = [limit for limit in LIMITS.values() if limit.window > HOUR]
    rows = RateCount.objects.filter(window_start__lt=window_start(now, HOUR) - HOUR)
    for limit in long:
        rows = rows.exclude(bucket__startswith=f"{limit.name}.", window_start__gte=window_start(now, DAY) - DAY)
    return rows.delete()[0]


def window_start(now: dt.datetime, window: dt.timedelta) -> dt.datetime:
    """Return the beginning of the hour or the day (UTC) that `now` is in."""
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return hour.replace(hour=0) if window == DAY else hour


def window_end(limit: Limit, now: dt.datetime) -> dt.datetime:
    """Return when counting begins anew (UTC)."""
    return _begin(limit, now) + limit.window


def _begin(limit: Limit, now: dt.datetime) -> dt.datetime:
    return window_start(now, limit.window)


def _buckets(
    limit: Limit,
    now: dt.datetime,
    address: str | None,
    request: int | None,
    account: str | None,
    mailbox: str | None,
    browser: str | None = None,
) -> list[Bucket]:
    """Return the counters of a hit, in the order of `Who`; without those that have no ceiling."""
    networks = {} if address is None else _whereabouts(address)
    named = {
        Who.REQUEST: request,
        Who.BROWSER: browser,
        Who.MAILBOX: mailbox,
        Who.ACCOUNT: account and account.casefold(),
    }
    whose = {Who.EVERYBODY: ""} | networks | {who: str(value) for who, value in named.items() if value is not None}
    if account is not None and networks:
        # One subscriber's addresses of IPv6 are those of a /64; a person's address changes within the /24 or /48.
        widths = [*networks.values()]
        here, near = networks.get(Who.NET_64, widths[0]), widths[-1]
        whose[Who.ACCOUNT_HERE] = f"{whose[Who.ACCOUNT]} {here}"
        whose[Who.ACCOUNT_NEAR] = f"{whose[Who.ACCOUNT]} {near}"
    ceilings = ((who, ceiling(limit, who, settings.LIMITS)) for who in Who if who in whose)
    begin = _begin(limit, now)
    return [Bucket(limit, who, _key(limit, who, whose[who], now), begin, most) for who, most in ceilings if most]


def _key(limit: Limit, who: Who, whose: str, now: dt.datetime) -> str:
    digest = digests.keyed(PURPOSE, f"{_begin(limit, now).isoformat()} {limit.name} {who} {whose}")
    return f"{limit.name}.{who}:{digest[:DIGITS]}"


def _whereabouts(address: str) -> dict[Who, str]:
    if not address:
        return {Who.UNKNOWN: ""}
    return {Who.ADDRESS: address} | {Who(f"net-{bits}"): network for bits, network in networks_of(address).items()}


def _counts(buckets: list[Bucket]) -> dict[str, int]:
    if not buckets:
        return {}
    keys, begin = [bucket.key for bucket in buckets], buckets[0].begin
    found = RateCount.objects.filter(bucket__in=keys, window_start=begin)
    return dict(found.values_list("bucket", "count"))


def _raise(buckets: list[Bucket], condition: str) -> dict[str, int]:
    adapted = connection.ops.adapt_datetimefield_value
    rows = ", ".join(["(%s, %s, %s)"] * len(buckets))
    values = [value for bucket in buckets for value in (bucket.key, adapted(bucket.begin), bucket.most)]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT.format(rows=rows, condition=condition), values)
        return {str(key): int(count) for key, count in cursor.fetchall()}


def _raise_in_cache(buckets: list[Bucket], now: dt.datetime) -> dict[str, int] | None:
    """Return the counts that all nodes share in a cache server, or None where there is none or it is away."""
    count: Callable[..., list[int] | None] | None = getattr(cache, "count", None)
    if count is None:
        return None
    keys = [bucket.key for bucket in buckets]
    seconds = math.ceil((window_end(buckets[0].limit, now) - now).total_seconds()) + SLACK
    counted = count(keys, seconds=seconds)
    if counted is None:
        return None
    if any(number > bucket.most for bucket, number in zip(buckets, counted, strict=True)):
        count(keys, seconds=seconds, by=-1)
    for bucket, number in zip(buckets, counted, strict=True):
        if bucket.who == Who.EVERYBODY and number == bucket.most:
            # `reached` reads it there.
            RateCount.objects.update_or_create(bucket=bucket.key, window_start=bucket.begin, defaults={"count": number})
    return dict(zip(keys, counted, strict=True))


def _judge(buckets: list[Bucket], counts: dict[str, int], now: dt.datetime) -> None:
    for bucket in buckets:
        # Others may have come between the look and the count.
        _refuse(bucket, counts[bucket.key], now)
        if bucket.who in {Who.EVERYBODY, Who.ACCOUNT} and counts[bucket.key] == bucket.most:
            logger.warning("Limit %s is reached for %s: %s", bucket.limit.name, bucket.who, bucket.most)


def _refuse(bucket: Bucket, count: int, now: dt.datetime) -> None:
    if count > bucket.most:
        raise OverTheLimit(
            bucket.limit.said,
            retry_after=window_end(bucket.limit, now) - now,
            everybody=bucket.who == Who.EVERYBODY,
        )
