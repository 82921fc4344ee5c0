"""A cache server that is away."""

from __future__ import annotations

import logging

import pytest

from clinic.caches import PatientRedisCache
from clinic.env import cache as entry_of


def test_cache_that_is_away_finds_nothing_and_keeps_nothing(caplog: pytest.LogCaptureFixture) -> None:
    # Nothing listens at the port, which none may be asked for.
    entry = entry_of("redis://:secret@127.0.0.1:1/0")
    cache = PatientRedisCache(entry["LOCATION"], {"OPTIONS": entry["OPTIONS"]})
    caplog.set_level(logging.WARNING)

    cache.set("key", "value", 60)

    assert cache.get("key", "nothing") == "nothing"
    assert [record.getMessage() for record in caplog.records] == ["The cache cannot be used: ConnectionError"] * 2
