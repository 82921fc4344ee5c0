"""How many requests an address and its network may send."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import Settings

from consultations.exceptions import OverTheLimit
from consultations.limits import counting
from consultations.models import RateCount
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


def count(address: str = ADDRESS, *, now: dt.datetime = NOW) -> int:
    return counting.count_request(address, now=now)


def test_count_request_counts_within_the_hour() -> None:
    assert [count(), count(), count(now=NOW + dt.timedelta(minutes=59)), count(now=NOW + dt.timedelta(hours=1))] == [
        1,
        2,
        3,
        1,
    ]


def test_count_request_refuses_one_over_the_limit_and_says_when_to_come_back(settings: Settings) -> None:
    settings.REQUESTS_PER_HOUR = 2
    count()
    count()

    with pytest.raises(OverTheLimit, match="in 45 minutes") as refusal:
        count(now=NOW + dt.timedelta(minutes=15))

    assert refusal.value.seconds == 45 * 60
    with pytest.raises(OverTheLimit, match=r"in a minute\.$"):
        count(now=NOW + dt.timedelta(minutes=59, seconds=10))


def test_count_request_refuses_a_network_whose_addresses_take_turns(settings: Settings) -> None:
    settings.REQUESTS_PER_HOUR = 1
    for last in range(counting.NEIGHBOURS):
        count(f"203.0.113.{last}")

    with pytest.raises(OverTheLimit):
        count("203.0.113.200")
    assert count("203.0.114.1") == 1


def test_count_request_counts_nothing_where_the_limit_is_off_or_the_address_unknown(settings: Settings) -> None:
    assert count("") == 0
    settings.REQUESTS_PER_HOUR = 0
    assert count() == 0
    assert not RateCount.objects.exists()


def test_count_request_stores_no_address() -> None:
    count()

    buckets = RateCount.objects.values_list("bucket", flat=True)
    assert {bucket.split(":")[0] for bucket in buckets} == {"address", "network"}
    assert not any("203.0.113" in bucket for bucket in buckets)


def test_prune_deletes_windows_that_are_over() -> None:
    count()
    count(now=NOW + dt.timedelta(hours=2))

    assert counting.prune(now=NOW + dt.timedelta(hours=2)) == 2
    assert RateCount.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_hit_counts_every_one_of_many_at_once() -> None:
    def one(_: int) -> int:
        try:
            return counting.hit("address", ADDRESS, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(one, range(40)))

    assert sorted(counts) == list(range(1, 41))
