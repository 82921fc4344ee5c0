"""Counting what the table limits."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.limits.table import Who
from consultations.models import RateCount
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"
HOUR = dt.timedelta(hours=1)


def count(address: str = ADDRESS, *, now: dt.datetime = NOW) -> int:
    return counting.hit(table.REQUESTS, address=address, now=now)


def test_hit_counts_within_the_hour() -> None:
    moments = [NOW, NOW, NOW + dt.timedelta(minutes=59), NOW + HOUR]

    assert [count(now=moment) for moment in moments] == [1, 2, 3, 1]


def test_hit_over_the_limit_is_refused_and_says_when_to_come_back(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 2}
    count()
    count()

    with pytest.raises(OverTheLimit, match="in 45 minutes") as refusal:
        count(now=NOW + dt.timedelta(minutes=15))

    assert (refusal.value.seconds, refusal.value.everybody) == (45 * 60, False)
    with pytest.raises(OverTheLimit, match=r"in a minute\.$"):
        count(now=NOW + dt.timedelta(minutes=59, seconds=10))


@pytest.mark.parametrize(
    ("pattern", "factor"),
    [
        ("203.0.113.{:d}", 4),
        ("2001:db8:0:1::{:x}", 4),
        ("2001:db8:0:1{:02x}::1", 8),
        ("2001:db8:0:{:x}00::1", 16),
    ],
)
def test_hit_from_a_network_whose_addresses_take_turns_is_refused(
    settings: Settings, pattern: str, factor: int
) -> None:
    settings.LIMITS = {"requests.address": 1}
    for number in range(factor):
        count(pattern.format(number))

    with pytest.raises(OverTheLimit):
        count(pattern.format(factor))
    assert count("198.51.100.1") == 1


def test_hit_from_an_unknown_address_is_counted_in_a_bucket_of_its_own(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1, "requests.unknown": 2}
    count("")
    count("")

    with pytest.raises(OverTheLimit):
        count("")
    assert count() == 1


def test_hit_that_is_refused_fills_no_counter_that_others_share(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1, "requests.everybody": 3}
    count()
    for _ in range(5):
        with pytest.raises(OverTheLimit):
            count()

    assert count("198.51.100.1") == 1


def test_hit_beyond_everybodys_ceiling_closes_the_door_and_tells_the_desk(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIMITS = {"requests.everybody": 2}
    count("198.51.100.1")
    assert counting.reached(now=NOW) == []
    count("198.51.100.2")

    with pytest.raises(OverTheLimit) as refusal:
        count("192.0.2.1")

    assert refusal.value.everybody
    assert counting.reached(now=NOW) == [(table.REQUESTS, Who.EVERYBODY, NOW + HOUR)]
    assert counting.reached(now=NOW + HOUR) == []
    assert [record.getMessage() for record in caplog.records] == ["Limit requests is reached for everybody: 2"]


def test_hit_counts_nothing_where_the_limit_is_off(settings: Settings) -> None:
    settings.LIMITS = table.adjusted("all=0", requests_per_hour=60)

    counts = {
        counting.hit(limit, address=ADDRESS, request=1, mailbox="a@b", now=NOW) for limit in table.LIMITS.values()
    }

    assert counts == {0}
    assert not RateCount.objects.exists()


@pytest.mark.parametrize(
    ("who", "same", "other"),
    [
        ("account-here", "203.0.113.9", "203.0.113.77"),
        ("account-near", "203.0.113.77", "198.51.100.1"),
        ("account-here", "2001:db8::77", "2001:db8:0:1::9"),
        ("account-near", "2001:db8:0:1::9", "2001:db8:1::9"),
    ],
)
def test_hit_of_an_account_is_counted_by_where_it_comes_from(
    settings: Settings, who: str, same: str, other: str
) -> None:
    settings.LIMITS = {"log-ins.account-here": 0, "log-ins.account-near": 0, f"log-ins.{who}": 1}
    first = "2001:db8::9" if ":" in same else "203.0.113.9"
    counting.hit(table.LOG_INS, address=first, account="Ada", now=NOW)

    with pytest.raises(OverTheLimit):
        counting.hit(table.LOG_INS, address=same, account="ada", now=NOW)
    assert counting.hit(table.LOG_INS, address=other, account="ada", now=NOW) == 1


def test_hit_of_a_browser_is_counted_by_the_browser_alone(settings: Settings) -> None:
    settings.LIMITS = {"known-browser-log-ins.browser": 1}
    counting.hit(table.KNOWN_BROWSER_LOG_INS, browser="one", now=NOW)

    with pytest.raises(OverTheLimit):
        counting.hit(table.KNOWN_BROWSER_LOG_INS, browser="one", now=NOW)
    assert counting.hit(table.KNOWN_BROWSER_LOG_INS, browser="another", now=NOW) == 1


def test_is_open_agrees_with_hit_and_counts_nothing(settings: Settings) -> None:
    settings.LIMITS = {"mails.mailbox": 1}

    assert counting.is_open(table.MAILS, mailbox="ada@example.com", now=NOW)
    assert not RateCount.objects.exists()
    counting.hit(table.MAILS, mailbox="ada@example.com", now=NOW)
    assert not counting.is_open(table.MAILS, mailbox="ada@example.com", now=NOW)


def test_take_back_undoes_one_hit() -> None:
    count()
    count()

    counting.take_back(table.REQUESTS, address=ADDRESS, now=NOW)

    assert count() == 2


def test_hit_stores_no_address() -> None:
    count()

    buckets = RateCount.objects.values_list("bucket", flat=True)
    assert {bucket.split(":")[0] for bucket in buckets} == {
        "requests.address",
        "requests.net-24",
        "requests.everybody",
    }
    assert not any("203.0.113" in bucket for bucket in buckets)


def test_prune_deletes_windows_that_are_over() -> None:
    count()
    counting.hit(table.MAILS, mailbox="ada@example.com", now=NOW)
    count(now=NOW + 2 * HOUR)

    assert counting.prune(now=NOW + 2 * HOUR) == 3
    assert RateCount.objects.count() == 4
    assert counting.prune(now=NOW + dt.timedelta(days=2)) == 4


@pytest.mark.django_db(transaction=True)
def test_hit_allows_exactly_the_ceiling_of_many_at_once(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 25}

    def one(_: int) -> int:
        try:
            return count()
        except OverTheLimit:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counts = [number for number in pool.map(one, range(40)) if number]

    assert sorted(counts) == list(range(1, 26))


def test_hit_undone_counts_for_two_limits_in_one_statement(django_assert_num_queries: Any) -> None:
    count()

    with django_assert_num_queries(1):
        recent = counting.hit_undone([table.FORM_POSTS, table.REQUESTS], address=ADDRESS, now=NOW)

    assert recent == 2
    assert counting.hit(table.FORM_POSTS, address=ADDRESS, now=NOW) == 2


def test_hit_undone_is_refused_by_the_limit_that_is_named_first(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1, "form-posts.address": 1}
    counting.hit_undone([table.FORM_POSTS, table.REQUESTS], address=ADDRESS, now=NOW)

    with pytest.raises(OverTheLimit, match=table.FORM_POSTS.said.rstrip(".")):
        counting.hit_undone([table.FORM_POSTS, table.REQUESTS], address=ADDRESS, now=NOW)


def test_hit_asks_once_while_there_is_room_and_twice_to_refuse(
    settings: Settings, django_assert_num_queries: Any
) -> None:
    settings.LIMITS = {"requests.address": 1}

    with django_assert_num_queries(1):
        count()
    with django_assert_num_queries(2), pytest.raises(OverTheLimit):
        count()
    # Nothing was counted by the refusal: the network still has room for others.
    assert [row.count for row in RateCount.objects.all()] == [1, 1, 1]
