"""A cache that is a server of its own, which may be away: nothing is found, kept or counted then, and every page still comes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class PatientRedisCache(RedisCache):
    """Django's for Redis and Valkey, for what pages do with it: `get`, `set` and `count`."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or `default`, also where the server is away or what is kept there cannot be read."""
        try:
            return super().get(key, default, version)
        except Exception as error:  # noqa: BLE001  damaged bytes, and what another release wrote, fail in any way
            return self._without(error, default)

    def set(self, *arguments: Any, **options: Any) -> None:
        """Keep it, or do without where the server is away."""
        try:
            super().set(*arguments, **options)
        except RedisError as error:
            self._without(error, None)

    def count(self, keys: Sequence[str], *, seconds: int, by: int = 1) -> list[int] | None:
        """Add to counters in one step for all who use the server, and return what they are now; None where it is away.

        A counter begins at 0 and ends after `seconds`.
        """
        try:
            pipeline = self._cache.get_client(write=True).pipeline()
            for key in map(self.make_and_validate_key, keys):
                pipeline.set(key, 0, ex=seconds, nx=True)
                pipeline.incrby(key, by)
            return [int(count) for count in pipeline.execute()[1::2]]
        except RedisError as error:
            self._without(error, None)
            return None

    def _without(self, error: Exception, answer: Any) -> Any:
        # The class only: what it says may hold the server's address with its password.
        logger.warning("The cache cannot be used: %s", type(error).__name__)
        return answer
