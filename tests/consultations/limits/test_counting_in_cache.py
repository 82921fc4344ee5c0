"""Counting in a cache server what may be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from clinic.caches import PatientRedisCache
from clinic.env import cache as entry_of
from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.limits.table import Who
from consultations.models import RateCount
from tests.cache_server import cache_server
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[str]:
    with cache_server(tmp_path) as address:
        settings.CACHES = settings.CACHES | {
            "default": {"BACKEND": "clinic.caches.PatientRedisCache", "LOCATION": address}
        }
        yield address


def count(limit: table.Limit = table.COSTLY_PAGES) -> int:
    return counting.hit(limit, address=ADDRESS, now=NOW)


@pytest.mark.usefixtures("server")
def test_costly_pages_are_counted_without_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        counts = [count(), count()]

    assert counts == [1, 2]


def test_another_node_that_counted_is_seen(server: str) -> None:
    count()
    keys = [bucket.key for bucket in counting._buckets(table.COSTLY_PAGES, NOW, ADDRESS, None, None, None)]

    PatientRedisCache(server, {}).count(keys, seconds=60)

    assert count() == 3


@pytest.mark.usefixtures("server")
def test_what_is_refused_raises_no_counter_that_others_share(settings: Settings) -> None:
    settings.LIMITS = {"costly-pages.address": 1, "costly-pages.everybody": 3}
    count()
    for _ in range(3):
        with pytest.raises(OverTheLimit):
            count()

    assert counting.hit(table.COSTLY_PAGES, address="198.51.100.7", now=NOW) == 1


@pytest.mark.usefixtures("server")
def test_everybodys_ceiling_that_is_reached_is_known_to_the_desk(settings: Settings) -> None:
    settings.LIMITS = {"costly-pages.everybody": 1}

    count()

    found = [(limit, who) for limit, who, _ in counting.reached(now=NOW)]
    assert found == [(table.COSTLY_PAGES, Who.EVERYBODY)]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("limit", [one for one in table.LIMITS.values() if one != table.COSTLY_PAGES])
def test_everything_else_is_counted_in_the_database(limit: table.Limit) -> None:
    counting.hit(limit, address=ADDRESS, request=1, account="ada", mailbox="a@b", browser="one", now=NOW)

    assert RateCount.objects.exists()


def test_a_server_that_is_away_leaves_counting_to_the_database(settings: Settings) -> None:
    # Nothing listens at the port.
    settings.CACHES = settings.CACHES | {"default": entry_of("redis://127.0.0.1:1/0")}

    assert [count(), count()] == [1, 2]
    assert set(RateCount.objects.values_list("count", flat=True)) == {2}
