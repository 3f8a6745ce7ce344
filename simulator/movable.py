"""The clock that the simulator shares with the product: real time plus the seconds under a Redis key."""

from __future__ import annotations

from datetime import datetime

import redis

from simulator.clock import Clock

KEY = "clock:offset"
NO_REDIS = "Redis のアドレスがないため、時計は動かせません。"
LOST = "Redis につながらないため、時計は動かせません。"
NOTICED = 1.0


class SharedClock:
    """Follows the key `clock:offset` and moves it. Without a connection the clock just shows real time."""

    def __init__(self, clock: Clock, connection: redis.Redis | None = None) -> None:
        self.clock = clock
        self._redis = connection
        self.why_not = "" if connection is not None else NO_REDIS

    def follow(self) -> bool:
        """Take up the offset that is kept now; whether it moved by more than a second."""
        if self._redis is None:
            return False
        try:
            kept = self._redis.get(KEY)
        except redis.RedisError:
            self.why_not = LOST
            return False
        self.why_not = ""
        return self._take(float(kept) if isinstance(kept, bytes) else 0.0)

    def _take(self, offset: float) -> bool:
        moved = abs(offset - self.clock.offset) >= NOTICED
        self.clock.offset = offset
        return moved

    def move(self, seconds: float) -> bool:
        """Go forward for everybody who shares the clock; whether it could be done."""
        if self._redis is None or seconds <= 0:
            return False
        try:
            return self._take(float(self._redis.incrbyfloat(KEY, seconds)))
        except redis.RedisError:
            self.why_not = LOST
            return False


def connect(url: str) -> redis.Redis | None:
    """A connection that does not wait long; none without an address."""
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) if url else None


def seconds_until(next_due: str, now: str) -> float:
    """From one ISO moment to another; never less than nothing, and just past the due one."""
    return max(0.0, _ahead(next_due, now)) + 0.5


def is_overdue(next_due: str, now: str) -> bool:
    """Whether the moment has come already."""
    return _ahead(next_due, now) <= 0


def _ahead(next_due: str, now: str) -> float:
    return (datetime.fromisoformat(next_due) - datetime.fromisoformat(now)).total_seconds()
