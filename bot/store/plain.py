"""A plain connection to a single server, for those who keep something else there than our record."""

from __future__ import annotations

import redis

Redis = redis.Redis

TROUBLE = redis.RedisError
"""What such a connection raises when its server is away, loading, full or read-only."""


def connect(url: str) -> Redis:
    """A connection that answers in bytes and looks after itself when it was idle."""
    return redis.Redis.from_url(url, decode_responses=False, socket_connect_timeout=5, health_check_interval=30)
