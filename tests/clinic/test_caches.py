"""A cache server that is away."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from clinic.caches import PatientRedisCache
from clinic.env import cache as entry_of
from tests.cache_server import cache_server


def test_cache_that_is_away_finds_keeps_and_counts_nothing(caplog: pytest.LogCaptureFixture) -> None:
    # Nothing listens at the port, which none may be asked for.
    entry = entry_of("redis://:secret@127.0.0.1:1/0")
    cache = PatientRedisCache(entry["LOCATION"], {"OPTIONS": entry["OPTIONS"]})
    caplog.set_level(logging.WARNING)

    cache.set("key", "value", 60)

    assert cache.get("key", "nothing") == "nothing"
    assert cache.count(["key"], seconds=60) is None
    assert [record.getMessage() for record in caplog.records] == ["The cache cannot be used: ConnectionError"] * 3


def test_counters_are_shared_by_all_who_use_the_server_and_end(tmp_path: Path) -> None:
    with cache_server(tmp_path) as address:
        one, other = (PatientRedisCache(address, {}) for _ in range(2))

        counts = [
            one.count(["a", "b"], seconds=60),
            other.count(["a"], seconds=60),
            one.count(["a"], seconds=60, by=-1),
        ]

        assert counts == [[1, 1], [2], [1]]
        assert 0 < other._cache.get_client().ttl(other.make_key("a")) <= 60


def test_what_cannot_be_read_is_not_found_and_is_written_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with cache_server(tmp_path) as address:
        cache = PatientRedisCache(address, {})
        # Neither a number nor what Django packs; and what names a class that is not there.
        for damaged in (b"damaged", b"cnowhere\nNothing\n."):
            cache._cache.get_client(write=True).set(cache.make_key("key"), damaged)
            assert cache.get("key", "nothing") == "nothing"
        cache.set("key", "value", 60)

        assert cache.get("key") == "value"
    said = [f"The cache cannot be used: {name}" for name in ("UnpicklingError", "ModuleNotFoundError")]
    assert [record.getMessage() for record in caplog.records] == said
