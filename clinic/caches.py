"""A cache that is a server of its own, which may be away: nothing is found then, and nothing kept, and every page still comes."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class PatientRedisCache(RedisCache):
    """Django's for Redis and Valkey, for what pages do with it: `get` and `set`."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or `default`, also where the server is away."""
        try:
            return super().get(key, default, version)
        except RedisError as error:
            return self._without(error, default)

    def set(self, *arguments: Any, **options: Any) -> None:
        """Keep it, or do without where the server is away."""
        try:
            super().set(*arguments, **options)
        except RedisError as error:
            self._without(error, None)

    def _without(self, error: RedisError, answer: Any) -> Any:
        # The class only: what it says may hold the server's address with its password.
        logger.warning("The cache cannot be used: %s", type(error).__name__)
        return answer
